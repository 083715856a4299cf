package import CanonicalJSON

/// Opens a billing account and activates a plan for it, if one is named.
package struct OpenAccount: Sendable {
  let id: Identifier
  let data: AccountOpened
  /// Name or identifier of a plan.
  let plan: String?

  package init(id: Identifier, name: String, currency: Currency, plan: String?) {
    self.id = id
    data = AccountOpened(name: name, currency: currency)
    self.plan = plan
  }

  /// Reads `{"name","currency","plan"}`; the plan by name or identifier.
  ///
  /// - Throws: `Rejection.invalidFields` with every field that is wrong.
  package init(id: Identifier, fields: JSON) throws(Rejection) {
    var reader = try FieldReader(fields)
    let name = reader.name("name", scalars: 1...100)
    let currency = reader.currency("currency")
    let plan = reader.optionalName("plan", scalars: 1...50)
    try reader.finish()
    self.init(id: id, name: name, currency: currency, plan: plan)
  }

  func decide(in view: some LedgerView) throws -> [NewEvent] {
    let opened = NewEvent(id, .accountOpened(data))
    guard let plan else { return [opened] }
    guard let identifier = try Identifier(plan, .plan) ?? view.plan(named: plan),
      let found = try view.plan(identifier)
    else { throw Rejection.invalidFields([FieldProblem("plan", "no plan has this name or id")]) }
    guard found.rates.contains(where: { $0.price.currency == data.currency }) else {
      throw Rejection.invalidFields([
        FieldProblem("currency", "the plan \(found.name) has no rate in \(data.currency.code)")
      ])
    }
    return [opened, NewEvent(id, .planActivated(PlanActivated(plan: identifier)))]
  }
}
