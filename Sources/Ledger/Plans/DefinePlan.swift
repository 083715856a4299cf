package import CanonicalJSON

/// Adds a plan. Its name is unique.
package struct DefinePlan: Sendable {
  let id: Identifier
  let data: PlanDefined

  package init(id: Identifier, name: String, rates: [Rate]) {
    self.id = id
    data = PlanDefined(name: name, rates: rates)
  }

  /// Reads `{"name","rates":[{"item","amount","currency"}]}`.
  ///
  /// - Throws: `Rejection.invalidFields` with every field that is wrong.
  package init(id: Identifier, fields: JSON) throws(Rejection) {
    var reader = try FieldReader(fields)
    let name = reader.name("name", scalars: 1...50)
    let rates = reader.list("rates", count: 1...100) { (item: inout FieldReader) in
      Rate(
        item.choice("item", Rate.Item.applicationFee, among: [.applicationFee]),
        Money(
          item.integer("amount", in: 0...1_000_000_000_000),
          item.currency("currency")))
    }
    if Set(rates.map { "\($0.item.rawValue) \($0.price.currency.code)" }).count < rates.count {
      reader.report("rates", "must not price an item twice in one currency")
    }
    try reader.finish()
    self.init(id: id, name: name, rates: rates)
  }

  func decide(in view: some LedgerView) throws -> [NewEvent] {
    guard try view.plan(named: data.name) == nil else {
      throw Rejection.taken(field: "name", "another plan has this name")
    }
    return [NewEvent(id, .planDefined(data))]
  }
}
