package import CanonicalJSON

/// Adds a plan. Its name is unique.
package struct DefinePlan: Sendable {
  let id: Identifier
  let data: PlanDefined
  package let reason: String?

  package init(id: Identifier, name: String, rates: [Rate], reason: String? = nil) {
    self.id = id
    data = PlanDefined(name: name, rates: rates)
    self.reason = reason
  }

  /// Reads `{"name","rates":[{"item","amount","currency"}],"reason"}`.
  ///
  /// - Throws: `Rejection.invalidFields` with every field that is wrong.
  package init(id: Identifier, fields: JSON) throws(Rejection) {
    var reader = try FieldReader(fields)
    let name = reader.name("name", scalars: 1...50)
    let rates = reader.rates("rates")
    let reason = reader.reason()
    try reader.finish()
    self.init(id: id, name: name, rates: rates, reason: reason)
  }

  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    try command.require(.writeBilling, at: .everything, hiding: "plan", in: view)
    guard try view.plan(named: data.name) == nil else {
      throw Rejection.taken(field: "name", "another plan has this name")
    }
    return [NewEvent(id, .planDefined(data))]
  }
}
