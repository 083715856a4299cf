import Ledger
import Narrative

extension Impact {
  /// Names as they are now.
  var names: Names { Names(state: state) }

  /// What there is of each kind.
  var counts: [(name: String, words: String, count: Int)] {
    let made = credentials.filter { $0.origin.depth > 0 }
    return [
      ("tokens", "tokens", tokens.positions.count),
      ("live_tokens", "tokens good now", tokens.live),
      ("clients_added", "clients added", made.count { $0.client == nil }),
      ("secrets_made", "secrets made", made.count { $0.client != nil }),
      ("charges", "charges", findings.charges.count),
      ("changes", "changes", findings.changes.count),
      ("touched", "things touched", findings.touched.count),
      ("denied_attempts", "attempts denied", Int(findings.deniedAttempts)),
      ("alerts", "alerts", findings.alerts.count),
      (
        "audit_reads", "reads of audit data", Int(findings.reads.values.reduce(0) { $0 + $1.count })
      ),
      ("uncertain", "uncertain", findings.uncertain.count),
    ]
  }

  var touched: [(Identifier, Inquiry.Touch)] {
    findings.touched.sorted {
      ($0.value.first, $0.key.kind.rawValue, $0.key) < (
        $1.value.first, $1.key.kind.rawValue, $1.key
      )
    }
  }

  var reads: [(String, Inquiry.Reads)] { findings.reads.sorted { $0.key < $1.key } }

  func forEachToken(_ body: (FoundToken) throws -> Void) throws {
    try events(at: tokens.positions) { event in
      if let found = FoundToken(event) { try body(found) }
    }
  }

  /// A token that was only shown from a suspected network is as deep as what is suspected first.
  func depth(of found: FoundToken) -> Int {
    suspicion.depth(
      ofTokenBy: found.token.data.secret, of: found.token.client, from: found.address) ?? 0
  }

  /// What the log cannot tell, so that nobody takes it for nothing.
  var notKnown: [String] {
    var facts = [
      "What tokens were used for elsewhere, and which were introspected: the log has when they were "
        + "issued and when they ended.",
      "What was read of anything but audit data.",
    ]
    if findings.uncertain.count > 0 {
      facts.append(
        "With which of its secrets a client did what is uncertain: it showed no token, or none was "
          + "recorded then.")
    }
    return facts
  }
}

extension Suspect {
  /// As the flag is called.
  var kind: String {
    switch self {
    case .secret: "secret"
    case .client: "client"
    case .network: "address"
    }
  }
}
