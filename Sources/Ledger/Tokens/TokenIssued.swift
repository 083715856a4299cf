package import CanonicalJSON

/// An access token exists: the ledger's half of it. The actor is the client it was issued to, the
/// second of `recorded` is its `iat`.
///
/// The most frequent event by far, so no member repeats another: `mode` is there only for a test
/// token, and a token with a `key` is a JWT. Shared, as it passes through many hands.
package final class TokenIssued: EventData {
  package static let type = "token.issued"
  package static let revision: Int64 = 2

  /// `aud` (RFC 9068 §2.2).
  package let audience: String
  /// The domain that it was asked for under; nil in a project without domains, and in revision 1.
  package let domain: DomainName?
  /// `exp`, epoch seconds.
  package let expires: Int64
  /// The key that signs it.
  package let key: Identifier
  package let mode: ClientMetadata.Mode
  /// The block of addresses that it was asked for from; nil unless the client was never seen there
  /// before, and in revision 1.
  package let network: String?
  package let revision: Int64
  package let scope: Scope
  /// The secret that bought it.
  package let secret: Identifier

  init(
    audience: String, domain: DomainName?, expires: Int64, key: Identifier,
    mode: ClientMetadata.Mode, network: String?, scope: Scope, secret: Identifier
  ) {
    self.audience = audience
    self.domain = domain
    self.expires = expires
    self.key = key
    self.mode = mode
    self.network = network
    revision = Self.revision
    self.scope = scope
    self.secret = secret
  }

  package convenience init(from reader: inout ObjectReader) throws(MalformedObject) {
    try self.init(from: &reader, revision: Self.revision)
  }

  /// - Parameter revision: 1 or 2.
  init(from reader: inout ObjectReader, revision: Int64) throws(MalformedObject) {
    audience = try reader.string("aud")
    domain = revision > 1 ? try reader.optionalDomain("domain") : nil
    expires = try reader.epochSecond("exp")
    key = try reader.identifier("key", .key)
    mode = try Self.mode(from: &reader)
    network = revision > 1 ? try reader.optionalString("network") : nil
    self.revision = revision
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
    writer.member("domain", optional: domain?.text)
    writer.member("exp", expires)
    writer.member("key", key)
    if mode == .test { writer.member("mode", mode.rawValue) }
    writer.member("network", optional: network)
    writer.member("scope", scope.text)
    writer.member("secret", secret)
  }
}
