/// What is needed of a secret to check one that is presented.
///
/// "Active" up to its expiry, which only the moment of use can tell.
package struct ActiveSecret: Sendable, Hashable {
  package let id: Identifier
  /// Epoch second of its end; nil while none is set.
  package let expires: Int64?
  package let pepper: String
  /// HMAC-SHA-256 in base64url, as ASCII.
  package let verifier: [UInt8]

  package init(id: Identifier, expires: Int64?, pepper: String, verifier: [UInt8]) {
    self.id = id
    self.expires = expires
    self.pepper = pepper
    self.verifier = verifier
  }

  init(_ secret: Secret) {
    self.init(
      id: secret.id, expires: secret.expires, pepper: secret.verifier.pepper,
      verifier: Array(secret.verifier.verifier.utf8))
  }

  package func isActive(at now: Timestamp) -> Bool { !hasExpired(expires, at: now) }
}
