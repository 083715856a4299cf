package import CanonicalJSON

/// A charge, and where the log has it.
package struct Charge: CanonicalObject, Hashable {
  package let data: BillingCharged
  package let id: Identifier
  package let position: Position
  package let recorded: Timestamp

  package init(_ data: BillingCharged, _ event: Event) {
    self.data = data
    id = event.subject
    position = event.position
    recorded = event.recorded
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    data = try BillingCharged(from: &reader)
    id = try reader.identifier("id", .charge)
    position = try reader.position("position")
    recorded = try reader.timestamp("recorded")
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("account", data.account)
    data.total.write(to: &writer) { writer in
      writer.member("id", id)
      writer.member("item", data.item.rawValue)
      writer.member("pays_for", data.paysFor)
      writer.member("period", data.period)
      writer.member("plan", data.plan)
      writer.member("plan_revision", data.planRevision)
      writer.member("position", Int64(position))
      writer.member("price", data.price)
      writer.member("quantity", data.quantity)
      writer.member("recorded", recorded.text)
      writer.member("reverses", optional: data.reverses)
      writer.member("unit", data.unit)
    }
  }
}

extension Charge: Placed {
  package var place: Place { .account(data.account) }
}
