package import CanonicalJSON

/// The ledger's policy is another one from here on. Either side holds what was changed.
package struct PolicyRevised: EventData, Hashable {
  package static let type = "policy.revised"

  package let after: PolicyChange
  package let before: PolicyChange

  /// Nil when nothing was changed.
  init?(from old: Policy, to new: Policy) {
    if old == new { return nil }
    after = PolicyChange(of: new, whereUnlike: old)
    before = PolicyChange(of: old, whereUnlike: new)
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    after = try reader.object("after", PolicyChange.self)
    before = try reader.object("before", PolicyChange.self)
    guard after.isRevision(of: before) else {
      throw reader.malformed("after", "and before are not of the same members with other values")
    }
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("after", object: after)
    writer.member("before", object: before)
  }
}

extension PolicyChange {
  /// Whether it has the members of the other, each with another value, and at least one.
  fileprivate func isRevision(of other: PolicyChange) -> Bool {
    let pairs = [
      (denialBurst?.rawValue, other.denialBurst?.rawValue),
      (threshold.map(String.init), other.threshold.map(String.init)),
      (newNetwork?.rawValue, other.newNetwork?.rawValue),
      (replacedSecret?.rawValue, other.replacedSecret?.rawValue),
    ]
    return self != PolicyChange()
      && pairs.allSatisfy { ($0 == nil) == ($1 == nil) && ($0 == nil || $0 != $1) }
  }
}

/// Changes what is done about what the rules notice.
package struct RevisePolicy: Sendable {
  let change: PolicyChange
  package let reason: String?

  /// Reads a merge patch (RFC 7396) of `{"denial_burst":{"action","threshold"},
  /// "new_network":{"action"}, "replaced_secret":{"action"}}`. No member can be taken away.
  ///
  /// - Throws: `Rejection.invalidFields` with every field that is wrong.
  package init(fields: JSON) throws(Rejection) {
    var reader = try FieldReader(fields)
    var change = PolicyChange()
    reader.object("denial_burst") { rule in
      change.denialBurst = rule.action()
      if rule.has("threshold") { change.threshold = rule.integer("threshold", in: 1...1_000_000) }
    }
    reader.object("new_network") { change.newNetwork = $0.action() }
    reader.object("replaced_secret") { change.replacedSecret = $0.action() }
    self.change = change
    reason = reader.reason()
    try reader.finish()
  }

  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    try command.require(.writeSystem, at: .everything, hiding: "policy", in: view)
    guard let ledger = try view.ledger() else { throw Rejection.notFound("policy") }
    let revised = PolicyRevised(from: ledger.policy, to: ledger.policy.taking(change))
    return revised.map { [NewEvent(ledger.id, .policyRevised($0))] } ?? []
  }
}

extension FieldReader {
  fileprivate mutating func action() -> Policy.Action? {
    guard has("action") else { return nil }
    return choice("action", nil, among: Policy.Action.allCases)
  }
}
