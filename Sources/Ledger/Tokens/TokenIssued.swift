package import CanonicalJSON

/// An access token exists: the ledger's half of it. The actor is the client it was issued to, the
/// second of `recorded` is its `iat`.
///
/// The most frequent event by far, so no member repeats another: `mode` is there only for a test
/// token, and a token with a `key` is a JWT. Shared, as it passes through many hands.
package final class TokenIssued: EventData {
  package static let type = "token.issued"

  /// `aud` (RFC 9068 §2.2).
  package let audience: String
  /// `exp`, epoch seconds.
  package let expires: Int64
  /// The key that signs it.
  package let key: Identifier
  package let mode: ClientMetadata.Mode
  package let scope: Scope
  /// The secret that bought it.
  package let secret: Identifier

  init(
    audience: String, expires: Int64, key: Identifier, mode: ClientMetadata.Mode, scope: Scope,
    secret: Identifier
  ) {
    self.audience = audience
    self.expires = expires
    self.key = key
    self.mode = mode
    self.scope = scope
    self.secret = secret
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    audience = try reader.string("aud")
    expires = try reader.epochSecond("exp")
    key = try reader.identifier("key", .key)
    mode = try Self.mode(from: &reader)
    scope = try reader.scope("scope")
    secret = try reader.identifier("secret", .secret)
  }

  /// Written for a test token alone.
  private static func mode(
    from reader: inout ObjectReader
  ) throws(MalformedObject) -> ClientMetadata.Mode {
    guard let text = try reader.optionalString("mode") else { return .live }
    guard text == ClientMetadata.Mode.test.rawValue else {
      throw reader.malformed("mode", "is neither absent nor test")
    }
    return .test
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("aud", audience)
    writer.member("exp", expires)
    writer.member("key", key)
    if mode == .test { writer.member("mode", mode.rawValue) }
    writer.member("scope", scope.text)
    writer.member("secret", secret)
  }
}
