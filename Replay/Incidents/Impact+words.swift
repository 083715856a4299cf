import Ledger
import Narrative

extension Impact {
  /// Lends a line at a time: the counts, and then everything that they count.
  package func writeWords(_ line: @escaping (String) throws -> Void) throws {
    try heading().forEach(line)
    let width = counts.map(\.words.count).max()! + 2
    for count in counts {
      try line(count.words.padding(to: width) + String(count.count))
    }
    try write("credentials", credentials.count, line) { each in
      for credential in credentials { try each(words(credential)) }
    }
    try write("tokens", tokens.positions.count, line) { each in
      try forEachToken { try each(words($0)) }
    }
    try write("charges", findings.charges, line)
    try write("changes", findings.changes, line)
    try write("things touched", touched.count, line) { each in
      for (id, touch) in touched { try each(words(id, touch)) }
    }
    try write("denied", findings.denials, line)
    try write("alerts", findings.alerts, line)
    try write("reads of audit data", reads.count, line) { each in
      for (path, reads) in reads { try each(Self.words(path, reads)) }
    }
    try write("uncertain", findings.uncertain, line)
    try write("not known", notKnown.count, line) { try notKnown.forEach($0) }
  }

  private func heading() throws -> [String] {
    let range =
      window.isEmpty
      ? "no event" : "positions \(window.lowerBound) to \(window.upperBound - 1)"
    return [
      try suspectWords(), "looked at \(range) of \(head) events, as of \(now.wholeSecond)", "",
    ]
  }

  private func suspectWords() throws -> String {
    switch suspect {
    case .secret(let id):
      let holder = try state.secret(id).map { try names.words($0.client) } ?? ""
      return "secret \(id.text), \(try names.words(id)) of client \(holder)"
    case .client(let id): return "client \(id.text), \(try names.words(id))"
    case .network(let network): return "whoever came from \(network)"
    }
  }

  /// A heading with lines below it; nothing when there is nothing.
  private func write(
    _ heading: String, _ count: Int, _ line: @escaping (String) throws -> Void,
    _ body: ((String) throws -> Void) throws -> Void
  ) throws {
    guard count > 0 else { return }
    try line("")
    try line(heading)
    try body { try line("  " + $0) }
  }

  private func write(
    _ heading: String, _ positions: PositionSet, _ line: @escaping (String) throws -> Void
  ) throws {
    try write(heading, positions.count, line) { each in
      try events(at: positions) { event in
        try each(String(HistoryItem(event, names).line.dropLast()))
      }
    }
  }

  private func words(_ credential: Credential) throws -> String {
    let made = credential.origin.made.map { "made at position \($0), " } ?? ""
    let what =
      try credential.client.map {
        "secret \(try names.words(credential.id)) of \(try names.words($0))"
      }
      ?? "client \(try names.words(credential.id))"
    return "\(credential.id.text)  \(what): \(made)\(credential.standing.rawValue)"
  }

  private func words(_ found: FoundToken) throws -> String {
    let token = found.token
    let obstacle = try token.obstacle(in: state, at: now)
    let end = Timestamp(seconds: token.data.expires).wholeSecond
    return
      "\(token.position)  \(token.issued.text)  \(token.id.text) of \(try names.words(token.client)) "
      + "with secret \(try names.words(token.data.secret)), from \(found.address): "
      + (obstacle.map { "not good any more (\($0.rawValue))" } ?? "good until \(end)")
  }

  private func words(_ id: Identifier, _ touch: Inquiry.Touch) throws -> String {
    let name = try names.words(id)
    let times = touch.count == 1 ? "once" : "\(touch.count) times"
    let places =
      touch.first == touch.last
      ? "position \(touch.first)" : "positions \(touch.first) to \(touch.last)"
    return
      "\(id.text)\(name == id.text ? "" : "  \(name)"): \(touch.isNew ? "made, " : "")\(times), "
      + places
  }

  private static func words(_ path: String, _ reads: Inquiry.Reads) -> String {
    "\(path): \(reads.count) in the minutes from "
      + "\(Timestamp(seconds: reads.first).wholeSecond) to "
      + "\(Timestamp(seconds: reads.last).wholeSecond)"
  }
}

extension String {
  fileprivate func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
