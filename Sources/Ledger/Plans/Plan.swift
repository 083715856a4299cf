package import CanonicalJSON

/// What accounts are charged by.
package struct Plan: CanonicalObject, Hashable {
  package let id: Identifier
  package private(set) var name: String
  /// Counts from 1; one more with every revision.
  package private(set) var revision: Int64
  package private(set) var rates: [Rate]
  package let created: Timestamp

  /// The record that the event makes.
  package init(_ data: PlanDefined, _ event: Event) {
    id = event.subject
    name = data.name
    revision = data.planRevision
    rates = data.rates
    created = event.recorded
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    created = try reader.timestamp("created")
    id = try reader.identifier("id", .plan)
    name = try reader.string("name")
    revision = try reader.integer("plan_revision")
    rates = try reader.objects("rates", Rate.self)
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("created", created.text)
    writer.member("id", id)
    writer.member("name", name)
    writer.member("plan_revision", revision)
    writer.member("rates", objects: rates)
  }

  /// The price of an item in a currency; nil when the plan has none.
  package func price(of item: Rate.Item, in currency: Currency) -> Money? {
    rates.first { $0.item == item && $0.price.currency == currency }?.price
  }

  func hasRate(in currency: Currency) -> Bool {
    rates.contains { $0.price.currency == currency }
  }

  func revised(_ data: PlanRevised) -> Plan {
    var plan = self
    plan.name = data.after.name ?? name
    plan.rates = data.after.rates ?? rates
    plan.revision = data.planRevision
    return plan
  }
}
