package import CanonicalJSON

/// An account may create clients from here on, at the rates of this plan.
package struct PlanActivated: EventData, Hashable {
  package static let type = "plan.activated"
  package static let revision: Int64 = 2

  /// Revision 1 does not say what was active before.
  package let revision: Int64
  /// The plan that was active until now; nil when there was none.
  package let before: Identifier?
  package let plan: Identifier

  package init(before: Identifier?, plan: Identifier) {
    revision = Self.revision
    self.before = before
    self.plan = plan
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    revision = Self.revision
    before = try reader.optionalIdentifier("before", .plan)
    plan = try reader.identifier("plan", .plan)
  }

  init(revision1 reader: inout ObjectReader) throws(MalformedObject) {
    revision = 1
    before = nil
    plan = try reader.identifier("plan", .plan)
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("before", optional: before)
    writer.member("plan", plan)
  }
}
