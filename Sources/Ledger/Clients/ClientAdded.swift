package import CanonicalJSON

/// A client and its first secret. Revision 1 knew no redirect URIs, and had a
/// scope that may list permissions.
package struct ClientAdded: EventData, Hashable {
  package static let type = "client.added"
  package static let revision: Int64 = 2

  package let account: Identifier
  package let acknowledgements: Acknowledgements
  /// The id on the wire (RFC 6749 §2.2).
  package let clientID: String
  package let metadata: ClientMetadata
  /// The client that answers for this one.
  package let owner: Identifier
  package let project: Identifier
  package let revision: Int64
  package let secret: SecretVerifier

  init(
    account: Identifier, acknowledgements: Acknowledgements, clientID: String,
    metadata: ClientMetadata, owner: Identifier, project: Identifier, secret: SecretVerifier
  ) {
    self.account = account
    self.acknowledgements = acknowledgements
    self.clientID = clientID
    self.metadata = metadata
    self.owner = owner
    self.project = project
    revision = Self.revision
    self.secret = secret
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    try self.init(from: &reader, revision: Self.revision)
  }

  /// - Parameter revision: 1 or 2.
  init(from reader: inout ObjectReader, revision: Int64) throws(MalformedObject) {
    account = try reader.identifier("account", .account)
    acknowledgements = try reader.object("acknowledgements", Acknowledgements.self)
    clientID = try reader.string("client_id")
    metadata = try ClientMetadata(from: &reader, hasRedirectURIs: revision > 1)
    if revision == 1, metadata.scope.isEmpty { throw reader.malformed("scope", "is missing") }
    owner = try reader.identifier("owner", .client)
    project = try reader.identifier("project", .project)
    secret = try reader.object("secret", SecretVerifier.self)
    self.revision = revision
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("account", account)
    writer.member("acknowledgements", object: acknowledgements)
    metadata.writeFirst(to: &writer)
    writer.member("client_id", clientID)
    metadata.writeNames(to: &writer)
    writer.member("mode", metadata.mode.rawValue)
    writer.member("owner", owner)
    writer.member("project", project)
    if revision > 1 { writer.member("redirect_uris", metadata.redirectURIs) }
    metadata.writeScope(to: &writer)
    writer.member("secret", object: secret)
    writer.member("token_lifetime", metadata.tokenLifetime)
  }
}
