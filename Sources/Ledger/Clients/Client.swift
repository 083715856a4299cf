package import CanonicalJSON

/// A client as it stands. Shared by everybody who holds it, for it never changes.
package final class Client: CanonicalObject {
  package enum Status: String, Sendable, CaseIterable {
    case active
    /// Stopped for a while.
    case disabled
    /// Stopped by the provider, for ever.
    case revoked
  }

  package let id: Identifier
  package let account: Identifier
  package let project: Identifier
  package let clientID: String
  package let metadata: ClientMetadata
  package let owner: Identifier
  package let created: Timestamp
  package let status: Status
  /// When it was deleted, if it was. The record stays for those who ask what was.
  package let deleted: Timestamp?

  /// The record that the event makes.
  package init(_ data: ClientAdded, _ event: Event) {
    id = event.subject
    account = data.account
    project = data.project
    clientID = data.clientID
    metadata = data.metadata.withoutPermissions
    owner = data.owner
    created = event.recorded
    status = .active
    deleted = nil
  }

  private init(
    _ client: Client, metadata: ClientMetadata? = nil, owner: Identifier? = nil,
    status: Status? = nil, deleted: Timestamp? = nil
  ) {
    id = client.id
    account = client.account
    project = client.project
    clientID = client.clientID
    self.metadata = metadata ?? client.metadata
    self.owner = owner ?? client.owner
    created = client.created
    self.status = status ?? client.status
    self.deleted = deleted ?? client.deleted
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    account = try reader.identifier("account", .account)
    clientID = try reader.string("client_id")
    created = try reader.timestamp("created")
    deleted = try reader.optionalTimestamp("deleted")
    id = try reader.identifier("id", .client)
    metadata = try ClientMetadata(from: &reader)
    owner = try reader.identifier("owner", .client)
    project = try reader.identifier("project", .project)
    status = try reader.choice("status", Status.self)
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("account", account)
    metadata.writeFirst(to: &writer)
    writer.member("client_id", clientID)
    metadata.writeNames(to: &writer)
    writer.member("created", created.text)
    writer.member("deleted", optional: deleted?.text)
    writer.member("id", id)
    writer.member("mode", metadata.mode.rawValue)
    writer.member("owner", owner)
    writer.member("project", project)
    writer.member("redirect_uris", metadata.redirectURIs)
    metadata.writeScope(to: &writer)
    writer.member("status", status.rawValue)
    writer.member("token_lifetime", metadata.tokenLifetime)
  }

  package var isDeleted: Bool { deleted != nil }
}

extension Client {
  /// The one answer to whether the client may use its secrets, for tokens or anything else: it is
  /// active itself, and so is its account. The account is read either way, so that the time of the
  /// answer does not tell which.
  package func mayAuthenticate(in view: some LedgerRecords) throws -> Bool {
    try view.account(account)?.isActive == true && status == .active && !isDeleted
  }

  /// The client that the events of one registration make; nil for other events.
  package static func registered(by events: [Event]) -> Client? {
    guard let first = events.first, case .clientAdded(let data) = first.body else { return nil }
    return events.dropFirst().reduce(Client(data, first)) { client, event in
      event.subject == client.id ? client.after(event) : client
    }
  }

  /// The record as an event about this client leaves it.
  func after(_ event: Event) -> Client {
    switch event.body {
    case .clientRenamed(let data): Client(self, metadata: metadata.named(data.after))
    case .clientEdited(let data): Client(self, metadata: data.applied(to: metadata))
    case .clientOwnerChanged(let data): Client(self, owner: data.after)
    case .clientDisabled: Client(self, status: .disabled)
    case .clientEnabled: Client(self, status: .active)
    case .clientRevoked: Client(self, status: .revoked)
    case .clientDeleted: Client(self, deleted: event.recorded)
    default: self
    }
  }
}

extension LedgerRecords {
  /// A client that was not deleted.
  package func existingClient(_ id: Identifier) throws -> Client? {
    guard let client = try client(id), !client.isDeleted else { return nil }
    return client
  }
}
