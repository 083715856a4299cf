/// Ends everything on a list at once, or nothing. What of it has ended before stays as it is.
package struct RevokeListed: Sendable {
  let list: RevocationList
  let shown: [Identifier]?

  /// - Parameter shown: the secrets and clients that the caller was shown to end, as `ending` gives
  ///   them: others must not. Nil for a caller who asks. Tokens end by themselves, so they are not
  ///   held to it.
  package init(_ list: RevocationList, shown: [Identifier]?) {
    self.list = list
    self.shown = shown
  }

  /// The secrets and clients that end by what was decided, in the order of their events.
  package static func ending(_ events: [NewEvent]) -> [Identifier] {
    events.map(\.subject).filter { $0.kind != .token }
  }

  /// - Throws: `Rejection.invalidFields` naming what is not there, `missingPermissions` naming what
  ///   the caller may not end, `changedMeanwhile`.
  func decide(
    for command: Command, in view: some LedgerView, at now: Timestamp
  ) throws -> [NewEvent] {
    let things = try ListedThings(list, for: command, in: view)
    try things.requirePermissions(of: command, in: view)
    let ids = Set(list.clients)
    if !ids.isEmpty { try view.requireAnOwner { ids.contains($0.id) } }
    let events = try things.endings(in: view, at: now)
    if let shown, shown != Self.ending(events) { throw Rejection.changedMeanwhile }
    return events
  }
}

/// What a list names, as the ledger knows it.
private struct ListedThings {
  private let grounds: Grounds?
  private var clients: [Client] = []
  private var secrets: [(secret: Secret, client: Client)] = []
  private var tokens: [(token: IssuedToken, client: Client)] = []

  /// - Throws: `Rejection.invalidFields` with everything that is not there for the caller to see.
  init(_ list: RevocationList, for command: Command, in view: some LedgerView) throws {
    grounds = list.grounds
    let authority = try command.authority(in: view)
    var unknown: [FieldProblem] = []
    func client(_ id: Identifier?) throws -> Client? {
      guard let client = try id.flatMap(view.client), authority.sees(client.place) else {
        return nil
      }
      return client
    }
    for (index, id) in list.clients.enumerated() {
      if let client = try client(id) {
        clients.append(client)
      } else {
        unknown.append(FieldProblem("clients[\(index)]", "no client has this id"))
      }
    }
    for (index, id) in list.secrets.enumerated() {
      if let secret = try view.secret(id), let client = try client(secret.client) {
        secrets.append((secret, client))
      } else {
        unknown.append(FieldProblem("secrets[\(index)]", "no secret has this id"))
      }
    }
    for (index, listed) in list.tokens.enumerated() {
      if let token = try view.issuedToken(listed.id, at: listed.position),
        let client = try client(token.client)
      {
        tokens.append((token, client))
      } else {
        let message = "no token with this id was issued at this position"
        unknown.append(FieldProblem("tokens[\(index)]", message))
      }
    }
    guard unknown.isEmpty else { throw Rejection.invalidFields(unknown) }
  }

  /// What ends a single thing by its own endpoint takes, at the thing's place: grounds are the
  /// provider's.
  ///
  /// - Throws: `Rejection.missingPermissions` with everything that the caller may not end.
  func requirePermissions(of command: Command, in view: some LedgerView) throws {
    let authority = try command.authority(in: view)
    var lacks: [FieldProblem] = []
    var missing: Set<Permission> = []
    func check(_ field: String, _ permission: Permission, _ client: Client, isOver: Bool) throws {
      let lack =
        authority.holds(permission, at: client.place)
        ? try isOver ? authority.lack(beside: view.authority(of: client.id)) : nil : permission
      guard let lack else { return }
      missing.insert(lack)
      lacks.append(FieldProblem(field, "takes \(lack.rawValue)"))
    }
    for (index, client) in clients.enumerated() {
      try check("clients[\(index)]", .writeSystem, client, isOver: true)
    }
    let ofSecrets: Permission = grounds == nil ? .writeSecrets : .writeSystem
    for (index, found) in secrets.enumerated() {
      try check("secrets[\(index)]", ofSecrets, found.client, isOver: true)
    }
    for (index, found) in tokens.enumerated() {
      try check("tokens[\(index)]", .revokeTokens, found.client, isOver: false)
    }
    guard lacks.isEmpty else { throw Rejection.missingPermissions(missing, lacks) }
  }

  /// Tokens first, then secrets, then clients: each ends by an event of its own.
  func endings(in view: some LedgerView, at now: Timestamp) throws -> [NewEvent] {
    let tokens = try tokens.filter { try $0.token.isActive(in: view, at: now) }
    let secrets = secrets.filter { $0.secret.revoked == nil && !$0.client.isDeleted }
    let clients = clients.filter { $0.status != .revoked && !$0.isDeleted }
    return tokens.map { $0.token.revocation }
      + secrets.map { found in
        let data = SecretRevoked(client: found.client.id, grounds: grounds)
        return NewEvent(found.secret.id, .secretRevoked(data))
      }
      + clients.flatMap { client in
        grounds.map { [NewEvent(client.id, .clientRevoked(ClientRevoked(grounds: $0)))] } ?? []
      }
  }
}
