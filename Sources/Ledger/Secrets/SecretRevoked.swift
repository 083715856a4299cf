package import CanonicalJSON

/// A secret ended at once, and with it every token that it bought. Revision 1 knew no grounds.
package struct SecretRevoked: EventData, Hashable {
  package static let type = "secret.revoked"
  package static let revision: Int64 = 2

  package let client: Identifier
  /// Why the provider ended it; nil when those did whose secret it was.
  package let grounds: Grounds?
  package let revision: Int64

  init(client: Identifier, grounds: Grounds?) {
    self.client = client
    self.grounds = grounds
    revision = Self.revision
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    try self.init(from: &reader, revision: Self.revision)
  }

  /// - Parameter revision: 1 or 2.
  init(from reader: inout ObjectReader, revision: Int64) throws(MalformedObject) {
    client = try reader.identifier("client", .client)
    grounds = revision > 1 ? try reader.optionalChoice("grounds", Grounds.self) : nil
    self.revision = revision
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("client", client)
    writer.member("grounds", optional: grounds?.rawValue)
  }
}
