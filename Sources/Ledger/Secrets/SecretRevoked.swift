package import CanonicalJSON

/// A secret ended at once, and with it every token that it bought.
package struct SecretRevoked: EventData, Hashable {
  package static let type = "secret.revoked"

  package let client: Identifier

  package init(client: Identifier) { self.client = client }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    client = try reader.identifier("client", .client)
  }

  package func write(to writer: inout JSONWriter) { writer.member("client", client) }
}
