/// What every command about a client asks first.
extension Command {
  /// The client that is to be changed: not deleted, at a place where the caller holds the
  /// permission, and not above the caller. Whoever changes a client, or gets or ends its secrets,
  /// can do what the client can, or keep it from doing so.
  ///
  /// - Throws: `Rejection.notFound`, `Rejection.missingPermission`.
  func client(
    _ id: Identifier, _ permission: Permission, in view: some LedgerView
  ) throws -> Client {
    guard let client = try view.existingClient(id) else { throw Rejection.notFound("client") }
    try require(permission, at: client.place, hiding: "client", in: view)
    try requireAuthority(over: client, in: view)
    return client
  }

  /// The client that is to be stopped, for a while or for ever: it gets no tokens then, and so must
  /// not be the ledger's last owner.
  func clientToStop(
    _ id: Identifier, _ permission: Permission, in view: some LedgerView
  ) throws -> Client {
    let client = try client(id, permission, in: view)
    try view.requireAnOwner { $0.id == client.id }
    return client
  }

  /// Checks a client that shall answer for another: it must be there for the caller to see.
  ///
  /// - Throws: `Rejection.invalidFields`, `Rejection.missingPermission`.
  func checkOwner(_ id: Identifier, in view: some LedgerView) throws {
    let unknown = Rejection.invalidFields([FieldProblem("owner", "no client has this id")])
    guard let owner = try view.existingClient(id) else { throw unknown }
    if case .client(owner.id, _, _) = actor { return }
    do {
      try require(.readClients, at: owner.place, hiding: "client", in: view)
    } catch Rejection.notFound {
      throw unknown
    }
  }
}
