package import CanonicalJSON

/// Who pays.
package struct Account: CanonicalObject, Hashable {
  package enum Status: String, Sendable {
    case active
    /// Nothing new is made under it, and its clients cannot authenticate.
    case suspended
    /// Gone: only its history knows of it.
    case closed
  }

  package let id: Identifier
  package private(set) var name: String
  package let currency: Currency
  package let created: Timestamp
  /// The plan that is active; nil until one is activated.
  package private(set) var plan: Identifier?
  package private(set) var status = Status.active

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
    status = try reader.choice("status", Status.self)
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("created", created.text)
    writer.member("currency", currency.code)
    writer.member("id", id)
    writer.member("name", name)
    writer.member("plan", optional: plan)
    writer.member("status", status.rawValue)
  }

  /// Whether things may be made under it and its clients may authenticate.
  package var isActive: Bool { status == .active }

  /// - Throws: `Rejection.conflict` for a suspended account.
  func requireActive() throws(Rejection) {
    guard isActive else { throw .conflict("the account \(id.text) is suspended", [id]) }
  }

  func activating(_ data: PlanActivated) -> Account {
    var account = self
    account.plan = data.plan
    return account
  }

  func renamed(_ data: AccountRenamed) -> Account {
    var account = self
    account.name = data.after
    return account
  }

  func becoming(_ status: Status) -> Account {
    var account = self
    account.status = status
    return account
  }
}
