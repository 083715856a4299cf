package import CanonicalJSON

/// Who pays.
package struct Account: CanonicalObject, Hashable {
  package let id: Identifier
  package let name: String
  package let currency: Currency
  package let created: Timestamp
  /// The plan that is active; nil until one is activated.
  package private(set) var plan: Identifier?

  init(_ data: AccountOpened, _ event: Event) {
    id = event.subject
    name = data.name
    currency = data.currency
    created = event.recorded
  }

  /// The account that the events of its opening make; nil for other events.
  package init?(_ events: [Event]) {
    guard let first = events.first, case .accountOpened(let opened) = first.body else {
      return nil
    }
    self.init(opened, first)
    for event in events.dropFirst() {
      if case .planActivated(let data) = event.body { self = activating(data) }
    }
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    created = try reader.timestamp("created")
    currency = try reader.currency("currency")
    id = try reader.identifier("id", .account)
    name = try reader.string("name")
    plan = try reader.optionalIdentifier("plan", .plan)
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("created", created.text)
    writer.member("currency", currency.code)
    writer.member("id", id)
    writer.member("name", name)
    writer.member("plan", optional: plan)
  }

  func activating(_ data: PlanActivated) -> Account {
    var account = self
    account.plan = data.plan
    return account
  }
}
