/// Issues an access token to a client that has shown its secret.
///
/// The caller has checked the secret's value; everything else is checked here, against the state
/// that the event will be appended to.
package struct IssueToken: Sendable {
  let id: Identifier
  let client: Identifier
  let secret: Identifier
  let requested: Scope?
  let holdsRoles: Bool
  let domain: DomainName?
  let network: String?

  /// - Parameters:
  ///   - requested: the scope asked for; nil for all that the client has.
  ///   - holdsRoles: whether the caller saw that the client holds roles, and so may carry
  ///     permissions.
  ///   - domain: what the request says of it, resolved.
  ///   - network: the block of addresses that the request comes from, unless the client is known to
  ///     ask from there.
  package init(
    id: Identifier, client: Identifier, secret: Identifier, requested: Scope?,
    holdsRoles: Bool = false, domain: DomainName? = nil, network: String? = nil
  ) {
    self.id = id
    self.client = client
    self.secret = secret
    self.requested = requested
    self.holdsRoles = holdsRoles
    self.domain = domain
    self.network = network
  }

  func decide(for command: Command, in view: some LedgerView, at now: Timestamp) throws
    -> [NewEvent]
  {
    guard let client = try view.client(client), let secret = try view.secret(secret),
      secret.client == client.id, secret.isActive(at: now),
      try client.mayAuthenticate(in: view)
    else { throw Rejection.invalidClient }
    guard client.metadata.applicationType.mayUseClientCredentials else {
      throw Rejection.unauthorizedClient("this client may not use the client_credentials grant")
    }
    try checkDomain(of: client, command.actor, in: view)
    let scope = try holdsRoles ? scope(withRolesOf: client, in: view) : scope(of: client)
    guard let key = try view.signingKey() else {
      throw Rejection.conflict("no signing key is active")
    }
    let network = try newNetwork(in: view)
    let alerts = try alerts(of: client, network, in: view, at: now)
    // Who is suspended for where it asks from gets no token.
    guard alerts.count < 2 else { return alerts }
    let data = TokenIssued(
      audience: client.metadata.audience, domain: domain,
      expires: now.seconds + client.metadata.tokenLifetime, key: key.id,
      mode: client.metadata.mode, network: network, scope: scope, secret: secret.id)
    let token = NewEvent(id, .tokenIssued(data))
    guard let alert = alerts.first else { return [token] }
    return [token, alert.caused(byPart: 0)]
  }

  /// Another request may have been quicker to ask from there.
  private func newNetwork(in view: some LedgerView) throws -> String? {
    guard let network, try !view.isKnown(network, for: client) else { return nil }
    return network
  }

  /// The first network of a client is new to nobody.
  private func alerts(
    of client: Client, _ network: String?, in view: some LedgerView, at now: Timestamp
  ) throws -> [NewEvent] {
    guard let network, try view.hasKnownNetworks(client.id) else { return [] }
    return try view.alert(.newNetwork(network), of: client, at: now)
  }

  private func checkDomain(of client: Client, _ actor: Actor, in view: some LedgerView) throws {
    guard let project = try view.project(client.project) else { throw Rejection.invalidClient }
    if let refusal = project.refusal(of: domain, client.metadata.mode, from: actor.address) {
      throw Rejection.domainRefused(refusal)
    }
  }

  private func scope(of client: Client) throws -> Scope {
    let scope = requested ?? client.metadata.scope
    guard !scope.isEmpty, scope.isSubset(of: client.metadata.scope) else {
      throw Rejection.invalidScope
    }
    return scope
  }

  /// What the client has by itself, and what its roles give it at whatever place: where it may use
  /// a permission is asked when it does.
  private func scope(withRolesOf client: Client, in view: some LedgerView) throws -> Scope {
    let permissions = try view.authority(of: client.id).permissions
    guard let requested else {
      guard let all = client.metadata.scope.adding(permissions) else {
        throw Rejection.invalidScope
      }
      return all
    }
    let left = requested.values.filter { value in
      Permission(rawValue: String(value)).map { !permissions.contains($0) } ?? true
    }
    guard left.allSatisfy(client.metadata.scope.values.contains) else {
      throw Rejection.invalidScope
    }
    return requested
  }
}
