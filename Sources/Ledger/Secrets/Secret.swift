package import CanonicalJSON

/// A secret as it stands.
package struct Secret: CanonicalObject, Hashable {
  package let client: Identifier
  package let created: Timestamp
  /// Epoch second from which it is no longer accepted; nil while no end is set.
  package private(set) var expires: Int64?
  /// When it was ended by an order, if it was.
  package private(set) var revoked: Timestamp?
  package let verifier: SecretVerifier

  package var id: Identifier { verifier.id }

  /// The record that the event makes.
  package init(_ verifier: SecretVerifier, client: Identifier, _ event: Event) {
    self.verifier = verifier
    self.client = client
    created = event.recorded
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    client = try reader.identifier("client", .client)
    created = try reader.timestamp("created")
    expires = try reader.optionalEpochSecond("expires")
    revoked = try reader.optionalTimestamp("revoked")
    verifier = try reader.object("verifier", SecretVerifier.self)
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("client", client)
    writer.member("created", created.text)
    writer.member("expires", optional: expires)
    writer.member("revoked", optional: revoked?.text)
    writer.member("verifier", object: verifier)
  }

  /// Whether a request may be authenticated with it.
  package func isActive(at now: Timestamp) -> Bool {
    revoked == nil && !hasExpired(expires, at: now)
  }

  func expiring(at second: Int64) -> Secret {
    var secret = self
    secret.expires = second
    return secret
  }

  func revoked(at time: Timestamp) -> Secret {
    var secret = self
    secret.revoked = time
    return secret
  }
}

/// The one comparison of an expiry with a time: whole epoch seconds, over at the second itself
/// (RFC 7519 §4.1.4). No expiry is never over.
package func hasExpired(_ expires: Int64?, at now: Timestamp) -> Bool {
  guard let expires else { return false }
  return now.seconds >= expires
}
