package import CanonicalJSON

/// An account owes for something. Never edited; a mistake is reversed by another charge.
package struct BillingCharged: EventData, Hashable {
  package static let type = "billing.charged"

  package let account: Identifier
  /// Price times quantity.
  package let total: Money
  package let item: Rate.Item
  /// What it pays for.
  package let paysFor: Identifier
  /// The calendar month in UTC, `2026-11`.
  package let period: String
  package let plan: Identifier
  /// The revision of the plan that gave the price.
  package let planRevision: Int64
  /// Minor units for one unit.
  package let price: Int64
  package let quantity: Int64
  /// The charge that this one takes back.
  package let reverses: Identifier?
  package let unit: String

  init(
    account: Identifier, plan: Plan, item: Rate.Item, price: Money, quantity: Int64, unit: String,
    paysFor: Identifier, period: String
  ) {
    self.account = account
    self.item = item
    self.paysFor = paysFor
    self.period = period
    self.plan = plan.id
    planRevision = plan.revision
    self.price = price.amount
    self.quantity = quantity
    self.unit = unit
    total = Money(price.amount * quantity, price.currency)
    reverses = nil
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    account = try reader.identifier("account", .account)
    total = try Money(from: &reader)
    item = try reader.choice("item", Rate.Item.self)
    paysFor = try reader.identifier("pays_for", .client)
    period = try reader.string("period")
    plan = try reader.identifier("plan", .plan)
    planRevision = try reader.integer("plan_revision")
    price = try reader.integer("price")
    quantity = try reader.integer("quantity")
    reverses = try reader.optionalIdentifier("reverses", .charge)
    unit = try reader.string("unit")
    guard price.multipliedReportingOverflow(by: quantity) == (total.amount, false) else {
      throw reader.malformed("amount", "is not price times quantity")
    }
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("account", account)
    total.write(to: &writer) { writer in
      writer.member("item", item.rawValue)
      writer.member("pays_for", paysFor)
      writer.member("period", period)
      writer.member("plan", plan)
      writer.member("plan_revision", planRevision)
      writer.member("price", price)
      writer.member("quantity", quantity)
      writer.member("reverses", optional: reverses)
      writer.member("unit", unit)
    }
  }
}
