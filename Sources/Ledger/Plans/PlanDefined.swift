package import CanonicalJSON

/// A plan and its first rates.
package struct PlanDefined: EventData, Hashable {
  package static let type = "plan.defined"

  package let name: String
  /// Counts from 1 for each plan; a charge names the revision that gave its rate.
  package let planRevision: Int64
  package let rates: [Rate]

  package init(name: String, rates: [Rate]) {
    self.name = name
    planRevision = 1
    self.rates = rates
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    name = try reader.string("name")
    planRevision = try reader.integer("plan_revision")
    rates = try reader.objects("rates", Rate.self)
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("name", name)
    writer.member("plan_revision", planRevision)
    writer.member("rates", objects: rates)
  }
}

/// What accounts are charged by.
package struct Plan: CanonicalObject, Hashable {
  package let id: Identifier
  package let name: String
  package let revision: Int64
  package let rates: [Rate]
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
}
