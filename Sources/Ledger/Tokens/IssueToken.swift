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

  /// - Parameters:
  ///   - requested: the scope asked for; nil for all that the client has.
  ///   - holdsRoles: whether the caller saw that the client holds roles, and so may carry
  ///     permissions.
  ///   - domain: what the request says of it, resolved.
  package init(
    id: Identifier, client: Identifier, secret: Identifier, requested: Scope?,
    holdsRoles: Bool = false, domain: DomainName? = nil
  ) {
    self.id = id
    self.client = client
    self.secret = secret
    self.requested = requested
    self.holdsRoles = holdsRoles
    self.domain = domain
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
    let data = TokenIssued(
      audience: client.metadata.audience, domain: domain,
      expires: now.seconds + client.metadata.tokenLifetime, key: key.id,
      mode: client.metadata.mode, scope: scope, secret: secret.id)
    return [NewEvent(id, .tokenIssued(data))]
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

  /// What the client has by itself, and what its roles give it at whatever place: where it may use a
  /// permission is asked when it does.
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
