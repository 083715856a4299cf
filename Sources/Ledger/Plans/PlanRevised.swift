package import CanonicalJSON

/// A plan has another name or other rates from here on. Charges made before keep theirs.
package struct PlanRevised: EventData, Hashable {
  package static let type = "plan.revised"

  /// The members that changed, and no others.
  package struct Members: CanonicalObject, Hashable {
    package let name: String?
    package let rates: [Rate]?

    init(name: String?, rates: [Rate]?) {
      self.name = name
      self.rates = rates
    }

    package init(from reader: inout ObjectReader) throws(MalformedObject) {
      name = try reader.optionalString("name")
      rates = try reader.optionalObjects("rates", Rate.self)
    }

    package func write(to writer: inout JSONWriter) {
      writer.member("name", optional: name)
      if let rates { writer.member("rates", objects: rates) }
    }
  }

  package let before: Members
  package let after: Members
  /// One more than that of the revision before.
  package let planRevision: Int64

  init(before: Members, after: Members, planRevision: Int64) {
    self.before = before
    self.after = after
    self.planRevision = planRevision
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    after = try reader.object("after", Members.self)
    before = try reader.object("before", Members.self)
    planRevision = try reader.integer("plan_revision")
    guard (before.name == nil) == (after.name == nil),
      (before.rates == nil) == (after.rates == nil), after.name != nil || after.rates != nil
    else { throw reader.malformed("after", "does not have the members of before") }
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("after", object: after)
    writer.member("before", object: before)
    writer.member("plan_revision", planRevision)
  }
}
