package import CanonicalJSON

/// A client got a new secret; those before it end after the overlap.
package struct SecretRotated: EventData, Hashable {
  package static let type = "secret.rotated"

  /// An older secret and the epoch second of its end.
  package struct Replaced: CanonicalObject, Hashable {
    package let expires: Int64
    package let id: Identifier

    package init(id: Identifier, expires: Int64) {
      self.id = id
      self.expires = expires
    }

    package init(from reader: inout ObjectReader) throws(MalformedObject) {
      expires = try reader.epochSecond("expires")
      id = try reader.identifier("id", .secret)
    }

    package func write(to writer: inout JSONWriter) {
      writer.member("expires", expires)
      writer.member("id", id)
    }
  }

  package let client: Identifier
  package let replaced: [Replaced]
  package let secret: SecretVerifier

  init(client: Identifier, replaced: [Replaced], secret: SecretVerifier) {
    self.client = client
    self.replaced = replaced
    self.secret = secret
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    client = try reader.identifier("client", .client)
    replaced = try reader.objects("replaced", Replaced.self)
    secret = try reader.object("secret", SecretVerifier.self)
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("client", client)
    writer.member("replaced", objects: replaced)
    writer.member("secret", object: secret)
  }
}
