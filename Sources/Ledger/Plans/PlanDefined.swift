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
