package import CanonicalJSON

/// Changes what a person says of a client. The mode, the id on the wire and the project stay.
package struct EditClient: Sendable {
  let client: Identifier
  let name: String?
  let owner: Identifier?
  let details: ClientDetails
  /// The client's address is taken away.
  let removesURI: Bool
  package let reason: String?

  /// Reads a merge patch (RFC 7396). Null takes `client_uri` and `redirect_uris` away, and gives
  /// `audience` and `token_lifetime` the values that a registration without them has.
  ///
  /// - Throws: `Rejection.invalidFields` with every field that is wrong.
  package init(client: Identifier, issuer: String, fields: JSON) throws(Rejection) {
    var reader = try FieldReader(fields)
    self.client = client
    name = reader.ifPresent("client_name") { $0.clientName() }
    owner = reader.ifPresent("owner") { $0.identifier("owner", .client) }
    var details = ClientDetails()
    details.appName = reader.ifPresent("app_name") { $0.appName() }
    details.appVersion = reader.ifPresent("app_version") { $0.appVersion() }
    details.applicationType = reader.ifPresent("application_type") { $0.applicationType() }
    details.audience = reader.ifPresent("audience") { $0.audience(issuer: issuer) }
    details.clientURI = reader.optionalAddress("client_uri")
    details.redirectURIs = reader.ifPresent("redirect_uris") { $0.redirectURIs() }
    details.scope = reader.ifPresent("scope") { $0.scope("scope") }
    details.tokenLifetime = reader.ifPresent("token_lifetime") { $0.tokenLifetime() }
    self.details = details
    removesURI = reader.has("client_uri") && details.clientURI == nil
    reason = reader.reason()
    try reader.finish()
  }

  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    let stops = details.applicationType?.mayUseClientCredentials == false
    let client =
      try stops
      ? command.clientToStop(client, .writeClients, in: view)
      : command.client(client, .writeClients, in: view)
    let events = try [
      renaming(client, in: view), edit(of: client, in: view),
      handover(of: client, for: command, in: view),
    ]
    return events.compactMap { $0 }.map { NewEvent(client.id, $0) }
  }

  private func renaming(_ client: Client, in view: some LedgerView) throws -> EventBody? {
    let old = client.metadata.clientName
    guard let name, name != old else { return nil }
    guard try view.client(named: name) == nil else {
      throw Rejection.taken(field: "client_name", "another client has this name")
    }
    return .clientRenamed(ClientRenamed(before: old, after: name))
  }

  private func edit(
    of client: Client, in view: some LedgerView
  ) throws -> EventBody? {
    let new = client.metadata.taking(details, withoutURI: removesURI)
    guard let edited = ClientEdited(from: client.metadata, to: new) else { return nil }
    if edited.after.scope != nil {
      try view.project(client.project)?.requireDefined(new.scope)
    }
    if try view.holdings(of: client.id)?.grants.isEmpty == false {
      try view.requireFit(new, forRolesOf: client.id)
    }
    return .clientEdited(edited)
  }

  private func handover(
    of client: Client, for command: Command, in view: some LedgerView
  ) throws -> EventBody? {
    guard let owner, owner != client.owner else { return nil }
    try command.checkOwner(owner, in: view)
    return .clientOwnerChanged(ClientOwnerChanged(before: client.owner, after: owner))
  }
}
