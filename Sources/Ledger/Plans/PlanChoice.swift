/// A plan as a request names it: by its name or its identifier.
struct PlanChoice: Sendable {
  private let text: String

  init(_ text: String) { self.text = text }

  /// - Throws: `Rejection.invalidFields` for the field `plan` when there is none.
  func find(in view: some LedgerView) throws -> Plan {
    guard let id = try Identifier(text, .plan) ?? view.plan(named: text),
      let plan = try view.plan(id)
    else { throw Rejection.invalidFields([FieldProblem("plan", "no plan has this name or id")]) }
    return plan
  }
}
