package import CanonicalJSON

/// A client as it stands. Shared by everybody who holds it, for it never changes.
package final class Client: CanonicalObject {
  package let id: Identifier
  package let account: Identifier
  package let project: Identifier
  package let clientID: String
  package let metadata: ClientMetadata
  package let owner: Identifier
  package let created: Timestamp

  /// The record that the event makes.
  package init(_ data: ClientAdded, _ event: Event) {
    id = event.subject
    account = data.account
    project = data.project
    clientID = data.clientID
    metadata = data.metadata
    owner = data.owner
    created = event.recorded
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    account = try reader.identifier("account", .account)
    clientID = try reader.string("client_id")
    created = try reader.timestamp("created")
    id = try reader.identifier("id", .client)
    metadata = try ClientMetadata(from: &reader)
    owner = try reader.identifier("owner", .client)
    project = try reader.identifier("project", .project)
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("account", account)
    metadata.writeFirst(to: &writer)
    writer.member("client_id", clientID)
    metadata.writeNames(to: &writer)
    writer.member("created", created.text)
    writer.member("id", id)
    writer.member("mode", metadata.mode.rawValue)
    writer.member("owner", owner)
    writer.member("project", project)
    writer.member("scope", metadata.scope.text)
    writer.member("token_lifetime", metadata.tokenLifetime)
  }
}
