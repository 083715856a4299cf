package import CanonicalJSON
package import Cryptography

/// The public form of a P-256 key for ES256 signatures (RFC 7517, RFC 7518 §6.2.1).
package struct JSONWebKey: Sendable {
  package let publicKey: P256PublicKey
  /// The `kid`.
  package let keyID: String

  /// - Parameter keyID: the key's thumbprint unless given.
  package init(publicKey: P256PublicKey, keyID: String? = nil) {
    self.publicKey = publicKey
    self.keyID = keyID ?? Self.thumbprint(of: publicKey)
  }

  /// Reads a key. Members that are not known are ignored (RFC 7517 §4).
  /// - Throws: `invalidKey` when the key is of another kind, for another use or algorithm, holds a
  ///   private half, or is no point on the curve; `notBase64URL` for a malformed coordinate.
  package init(json: JSON) throws(JOSEError) {
    guard json["kty"] == .string("EC"), json["crv"] == .string("P-256"), json["d"] == nil,
      json.holds("ES256", under: "alg"), json.holds("sig", under: "use"),
      let x = json["x"]?.string, let y = json["y"]?.string
    else { throw .invalidKey }
    guard let x = Base64URL.decode(x), let y = Base64URL.decode(y) else { throw .notBase64URL }
    guard let key = try? P256PublicKey(x: x, y: y) else { throw .invalidKey }
    let keyID = json["kid"] ?? .string(Self.thumbprint(of: key))
    guard case .string(let keyID) = keyID else { throw .invalidKey }
    publicKey = key
    self.keyID = keyID
  }

  /// With the members `alg`, `crv`, `kid`, `kty`, `use`, `x` and `y`.
  package var json: JSON {
    .object([
      .init("alg", .string("ES256")),
      .init("crv", .string("P-256")),
      .init("kid", .string(keyID)),
      .init("kty", .string("EC")),
      .init("use", .string("sig")),
      .init("x", .string(Base64URL.encode(publicKey.x))),
      .init("y", .string(Base64URL.encode(publicKey.y))),
    ])
  }

  /// The SHA-256 thumbprint of a key (RFC 7638 §3) in base64url.
  package static func thumbprint(of key: P256PublicKey) -> String {
    let required = JSON.object([
      .init("crv", .string("P-256")),
      .init("kty", .string("EC")),
      .init("x", .string(Base64URL.encode(key.x))),
      .init("y", .string(Base64URL.encode(key.y))),
    ])
    return Base64URL.encode(SHA256.hash(required.canonicalBytes()).bytes)
  }
}

extension JSONWebKey: Equatable {
  package static func == (left: Self, right: Self) -> Bool { left.json == right.json }
}

extension JSON {
  /// Whether an optional member is absent or this very string.
  fileprivate func holds(_ value: String, under name: String) -> Bool {
    guard let member = self[name] else { return true }
    return member == .string(value)
  }
}
