package import CanonicalJSON

/// A billing account begins.
package struct AccountOpened: EventData, Hashable {
  package static let type = "account.opened"

  package let name: String
  package let currency: Currency

  package init(name: String, currency: Currency) {
    self.name = name
    self.currency = currency
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    currency = try reader.currency("currency")
    name = try reader.string("name")
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("currency", currency.code)
    writer.member("name", name)
  }
}

/// An account may create clients from here on, at the rates of this plan.
package struct PlanActivated: EventData, Hashable {
  package static let type = "plan.activated"

  package let plan: Identifier

  package init(plan: Identifier) { self.plan = plan }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    plan = try reader.identifier("plan", .plan)
  }

  package func write(to writer: inout JSONWriter) { writer.member("plan", plan) }
}
