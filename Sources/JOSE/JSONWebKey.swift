package import CanonicalJSON
package import Cryptography

/// A public P-256 key that verifies ES256 signatures, as RFC 7517 and RFC 7518 §6.2 show it.
package struct JSONWebKey: Sendable {
  package let publicKey: P256PublicKey
  /// `kid`.
  package let keyID: String

  package init(publicKey: P256PublicKey, keyID: String) {
    self.publicKey = publicKey
    self.keyID = keyID
  }

  /// Reads a member of a JWK Set.
  package init(json: JSON) throws(JOSEError) {
    guard json["kty"]?.string == "EC", json["crv"]?.string == "P-256",
      let x = json["x"]?.string.flatMap(Base64URL.decode),
      let y = json["y"]?.string.flatMap(Base64URL.decode),
      let publicKey = try? P256PublicKey(x: x, y: y), let keyID = json["kid"]?.string
    else { throw .unsupportedKey }
    self.init(publicKey: publicKey, keyID: keyID)
  }

  package var json: JSON {
    .object(
      [
        .init("alg", .string("ES256")), .init("kid", .string(keyID)),
        .init("use", .string("sig")),
      ] + required)
  }

  /// SHA-256 over the required members in their canonical order (RFC 7638).
  package var thumbprint: SHA256Digest { SHA256.hash(JSON.object(required).canonicalBytes()) }

  /// RFC 7638 §3.2.
  private var required: [JSON.Member] {
    [
      .init("crv", .string("P-256")), .init("kty", .string("EC")),
      .init("x", .string(Base64URL.encode(publicKey.x))),
      .init("y", .string(Base64URL.encode(publicKey.y))),
    ]
  }
}
