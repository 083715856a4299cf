package import CanonicalJSON

/// One token stopped being good before its time.
package struct TokenRevoked: EventData, Hashable {
  package static let type = "token.revoked"

  package let client: Identifier
  /// The token's own expiry: after it the revocation need not be remembered.
  package let expires: Int64
  /// The position of the event that issued it.
  package let issuedAt: Position

  init(client: Identifier, expires: Int64, issuedAt: Position) {
    self.client = client
    self.expires = expires
    self.issuedAt = issuedAt
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    client = try reader.identifier("client", .client)
    expires = try reader.epochSecond("exp")
    issuedAt = try reader.position("issued_at")
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("client", client)
    writer.member("exp", expires)
    writer.member("issued_at", Int64(issuedAt))
  }
}
