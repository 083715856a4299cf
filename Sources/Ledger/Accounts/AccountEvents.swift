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

/// An account has another name from here on.
package struct AccountRenamed: EventData, Hashable {
  package static let type = "account.renamed"

  package let before: String
  package let after: String

  init(before: String, after: String) {
    self.before = before
    self.after = after
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    after = try reader.string("after")
    before = try reader.string("before")
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("after", after)
    writer.member("before", before)
  }
}

/// Nothing new is made under an account from here on, its clients cannot authenticate, and the
/// tokens that they have are void for good.
package struct AccountSuspended: BareEventData, Hashable {
  package static let type = "account.suspended"

  package init() {}
}

/// A suspended account is as it was before, but for its clients' tokens.
package struct AccountResumed: BareEventData, Hashable {
  package static let type = "account.resumed"

  package init() {}
}

/// An account is gone.
package struct AccountClosed: BareEventData, Hashable {
  package static let type = "account.closed"

  package init() {}
}
