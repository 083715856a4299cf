package import CanonicalJSON

/// Opens a billing account and activates a plan for it, if one is named.
package struct OpenAccount: Sendable {
  let id: Identifier
  let data: AccountOpened
  let plan: PlanChoice?
  package let reason: String?

  package init(
    id: Identifier, name: String, currency: Currency, plan: String?, reason: String? = nil
  ) {
    self.id = id
    data = AccountOpened(name: name, currency: currency)
    self.plan = plan.map(PlanChoice.init)
    self.reason = reason
  }

  /// Reads `{"name","currency","plan","reason"}`; the plan by name or identifier.
  ///
  /// - Throws: `Rejection.invalidFields` with every field that is wrong.
  package init(id: Identifier, fields: JSON) throws(Rejection) {
    var reader = try FieldReader(fields)
    let name = reader.name("name", scalars: 1...100)
    let currency = reader.currency("currency")
    let plan = reader.optionalName("plan", scalars: 1...50)
    let reason = reader.reason()
    try reader.finish()
    self.init(id: id, name: name, currency: currency, plan: plan, reason: reason)
  }

  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    try command.require(.writeAccounts, at: .everything, hiding: "account", in: view)
    let opened = NewEvent(id, .accountOpened(data))
    guard let plan else { return [opened] }
    let chosen = try plan.find(in: view)
    guard chosen.hasRate(in: data.currency) else {
      throw Rejection.invalidFields([
        FieldProblem("currency", "the plan \(chosen.name) has no rate in \(data.currency.code)")
      ])
    }
    return [opened, NewEvent(id, .planActivated(PlanActivated(before: nil, plan: chosen.id)))]
  }
}
