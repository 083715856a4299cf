package import CanonicalJSON

/// Gives a role to a client: for everything, for one account or for one project.
package struct GrantRole: Sendable {
  let id: Identifier
  let client: Identifier
  /// Name or identifier.
  let role: String
  let account: Identifier?
  let project: Identifier?
  package let reason: String?

  /// For everything.
  package init(id: Identifier, client: Identifier, role: BuiltInRole) {
    self.id = id
    self.client = client
    self.role = role.rawValue
    account = nil
    project = nil
    reason = nil
  }

  /// Reads `{"role","account","project","reason"}`: the role by name or identifier, at most one
  /// place; the reason is required.
  ///
  /// - Throws: `Rejection.invalidFields` with every field that is wrong.
  package init(id: Identifier, client: Identifier, fields: JSON) throws(Rejection) {
    var reader = try FieldReader(fields)
    self.id = id
    self.client = client
    role = reader.name("role", scalars: 1...50)
    account = reader.optionalIdentifier("account", .account)
    project = reader.optionalIdentifier("project", .project)
    if account != nil, project != nil {
      reader.report("project", "must not have an account beside it")
    }
    reason = reader.reason(isRequired: true)
    try reader.finish()
  }

  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    let authority = try command.authority(in: view)
    guard let client = try view.existingClient(client), authority.sees(client.place) else {
      throw Rejection.notFound("client")
    }
    let place = try place(authority, view)
    try authority.require(.writeRoles, at: place, hiding: "place")
    let role = try reference(in: view)
    if let lack = authority.lack(of: try view.permissions(of: role), at: place) {
      throw Rejection.missingPermission(lack)
    }
    try command.requireAuthority(over: client, in: view)
    guard client.status != .revoked else {
      throw Rejection.conflict("the client was revoked, which is for ever", [client.id])
    }
    try view.requireFit(client.metadata, forRolesOf: client.id)
    try requireNew(role, at: place, in: view)
    return [
      NewEvent(client.id, .roleGranted(RoleGranted(grant: id, role: role, at: place)))
    ]
  }

  private func place(_ authority: Authority, _ view: some LedgerView) throws -> Place {
    if let project { return try seen(view.project(project)?.place, "project", authority) }
    if let account { return try seen(view.account(account)?.place, "account", authority) }
    return .everything
  }

  /// A place that the caller does not see is as good as none.
  private func seen(
    _ place: Place?, _ field: String, _ authority: Authority
  ) throws(Rejection) -> Place {
    guard let place, authority.sees(place) else {
      throw .invalidFields([FieldProblem(field, "no \(field) has this id")])
    }
    return place
  }

  private func reference(in view: some LedgerView) throws -> RoleReference {
    if let role = BuiltInRole(rawValue: role) { return .builtIn(role) }
    guard let id = try Identifier(role, .role) ?? view.role(named: role),
      try view.role(id) != nil
    else { throw Rejection.invalidFields([FieldProblem("role", "no role has this name or id")]) }
    return .defined(id)
  }

  private func requireNew(
    _ role: RoleReference, at place: Place, in view: some LedgerView
  ) throws {
    guard let grants = try view.holdings(of: client)?.grants else { return }
    if let same = grants.first(where: { $0.role == role && $0.place == place }) {
      throw Rejection.conflict("the client holds this role there already", [same.id])
    }
    guard grants.count < Holdings.maximumCount else {
      throw Rejection.conflict("the client holds \(grants.count) roles, and more are not granted")
    }
  }
}

extension LedgerView {
  /// A client that holds a role gets tokens by its secret, and they are meant for this ledger.
  func requireFit(_ metadata: ClientMetadata, forRolesOf client: Identifier) throws {
    guard metadata.audience == (try ledger()?.issuer) else {
      throw Rejection.conflict(
        "tokens for \(metadata.audience) cannot carry permissions of this ledger", [client])
    }
    guard metadata.applicationType.mayUseClientCredentials else {
      throw Rejection.conflict("a native client can hold no role", [client])
    }
  }
}
