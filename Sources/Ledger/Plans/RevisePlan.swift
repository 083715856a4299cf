package import CanonicalJSON

/// Gives a plan another name, other rates, or both.
package struct RevisePlan: Sendable {
  let plan: Identifier
  let name: String?
  let rates: [Rate]?
  package let reason: String?

  /// Reads the merge patch (RFC 7396) `{"name","rates","reason"}`; the rates replace all that there
  /// were.
  ///
  /// - Throws: `Rejection.invalidFields` with every field that is wrong.
  package init(_ plan: Identifier, fields: JSON) throws(Rejection) {
    var reader = try FieldReader(fields)
    self.plan = plan
    name = reader.ifPresent("name") { $0.name("name", scalars: 1...50) }
    rates = reader.ifPresent("rates") { $0.rates("rates") }
    reason = reader.reason()
    try reader.finish()
  }

  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    try command.require(.writeBilling, at: .everything, hiding: "plan", in: view)
    guard let plan = try view.plan(plan) else { throw Rejection.notFound("plan") }
    let name = name.flatMap { $0.isSame(as: plan.name) ? nil : $0 }
    let rates = rates.flatMap { Set($0) == Set(plan.rates) ? nil : $0 }
    guard name != nil || rates != nil else { return [] }
    if let name { try checkIsFree(name, for: plan, in: view) }
    if let rates { try checkKeepsCurrencies(of: plan, rates, in: view) }
    let revised = PlanRevised(
      before: .init(name: name.map { _ in plan.name }, rates: rates.map { _ in plan.rates }),
      after: .init(name: name, rates: rates), planRevision: plan.revision + 1)
    return [NewEvent(plan.id, .planRevised(revised))]
  }

  private func checkIsFree(_ name: String, for plan: Plan, in view: some LedgerView) throws {
    if let other = try view.plan(named: name), other != plan.id {
      throw Rejection.taken(field: "name", "another plan has this name")
    }
  }

  /// An account cannot be left with a plan that has no rate in its currency.
  private func checkKeepsCurrencies(
    of plan: Plan, _ rates: [Rate], in view: some LedgerView
  ) throws {
    let kept = Set(rates.map(\.price.currency))
    guard !Set(plan.rates.map(\.price.currency)).isSubset(of: kept) else { return }
    var accounts = Obstacles()
    try view.forEachAccount(on: plan.id) { account in
      kept.contains(account.currency) || accounts.add(account.id)
    }
    try accounts.check("accounts that are on the plan pay in a currency without a rate")
  }
}
