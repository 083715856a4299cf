/// Takes a role from a client. Who could grant it may take it away.
package struct WithdrawRole: Sendable {
  let client: Identifier
  let grant: Identifier

  package init(client: Identifier, grant: Identifier) {
    self.client = client
    self.grant = grant
  }

  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    let authority = try command.authority(in: view)
    guard let holdings = try view.holdings(of: client),
      let found = holdings.grants.first(where: { $0.id == grant })
    else { throw Rejection.notFound("grant") }
    try authority.require(.writeRoles, at: found.place, hiding: "grant")
    if let lack = authority.lack(of: try view.permissions(of: found.role), at: found.place) {
      throw Rejection.missingPermission(lack)
    }
    if holdings.removing(grant).isOwner != holdings.isOwner {
      try view.requireAnOwner { $0.id == client }
    }
    let withdrawn = RoleWithdrawn(grant: grant)
    return [NewEvent(client, .roleWithdrawn(withdrawn), cause: found.position)]
  }
}
