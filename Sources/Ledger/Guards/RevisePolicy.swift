package import CanonicalJSON

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
