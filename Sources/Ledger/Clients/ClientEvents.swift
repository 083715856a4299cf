package import CanonicalJSON

/// A client got another name; the old one is free again.
package struct ClientRenamed: EventData, Hashable {
  package static let type = "client.renamed"

  package let after: String
  package let before: String

  init(before: String, after: String) {
    self.after = after
    self.before = before
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

/// Another client answers for a client from here on.
package struct ClientOwnerChanged: EventData, Hashable {
  package static let type = "client.owner_changed"

  package let after: Identifier
  package let before: Identifier

  init(before: Identifier, after: Identifier) {
    self.after = after
    self.before = before
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    after = try reader.identifier("after", .client)
    before = try reader.identifier("before", .client)
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("after", after)
    writer.member("before", before)
  }
}

/// A client stopped for a while: it cannot authenticate, and its tokens are void for ever.
package struct ClientDisabled: BareEventData, Hashable {
  package static let type = "client.disabled"

  package init() {}
}

/// A disabled client may authenticate again, with the secrets it had. Its old tokens stay void.
package struct ClientEnabled: BareEventData, Hashable {
  package static let type = "client.enabled"

  package init() {}
}

/// The provider ended a client for ever, its secrets and tokens with it; the reason is in the
/// envelope.
package struct ClientRevoked: EventData, Hashable {
  package static let type = "client.revoked"

  package let grounds: Grounds

  init(grounds: Grounds) { self.grounds = grounds }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    grounds = try reader.choice("grounds", Grounds.self)
  }

  package func write(to writer: inout JSONWriter) { writer.member("grounds", grounds.rawValue) }
}

/// A client ended, its secrets and tokens with it; its name and its id on the wire are free again.
package struct ClientDeleted: BareEventData, Hashable {
  package static let type = "client.deleted"

  package init() {}
}

/// What credentials may be revoked for by the provider: the fifth acknowledgement names them.
package enum Grounds: String, Sendable, CaseIterable {
  case misuse
  case compromise
  case policyViolation = "policy_violation"
}
