package import CanonicalJSON

/// What may be known of a secret: enough to check one that is presented, not to find it.
package struct SecretVerifier: CanonicalObject, Hashable {
  package let id: Identifier
  /// The last four characters, so that a person can tell secrets apart.
  package let lastFour: String
  /// Which pepper keyed the verifier.
  package let pepper: String
  /// HMAC-SHA-256 in base64url, bound to the client.
  package let verifier: String

  package init(id: Identifier, lastFour: String, pepper: String, verifier: String) {
    self.id = id
    self.lastFour = lastFour
    self.pepper = pepper
    self.verifier = verifier
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    id = try reader.identifier("id", .secret)
    lastFour = try reader.string("last_four")
    pepper = try reader.string("pepper")
    verifier = try reader.string("verifier")
    guard pepper.utf8.count == 8, verifier.utf8.count == 43 else {
      throw reader.malformed("verifier", "or its pepper has another length than it must have")
    }
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("id", id)
    writer.member("last_four", lastFour)
    writer.member("pepper", pepper)
    writer.member("verifier", verifier)
  }
}
