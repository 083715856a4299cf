package import CanonicalJSON

/// Which request a command came from, so that the same request repeated has the same outcome.
///
/// Both members are SHA-256 in base64url: of the caller, the endpoint and the `Idempotency-Key`,
/// and of the body.
package struct RequestDigest: Sendable, Hashable, CanonicalObject {
  package let key: String
  package let body: String

  package init(key: String, body: String) {
    self.key = key
    self.body = body
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    body = try reader.string("body")
    key = try reader.string("key")
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("body", body)
    writer.member("key", key)
  }
}
