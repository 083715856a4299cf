// What events make of the roles that clients hold.

func addGrant(
  _ data: RoleGranted, _ event: Event, _ state: inout some LedgerState
) throws {
  let place: Place =
    if let project = data.project {
      try existing(state.project(project), event).place
    } else {
      data.account.map(Place.account) ?? .everything
    }
  try add(Grant(data.grant, data.role, at: place, event), event, &state)
}

private func add(_ grant: Grant, _ event: Event, _ state: inout some LedgerState) throws {
  let holdings = try state.holdings(of: event.subject) ?? Holdings(client: event.subject)
  try state.store(holdings.adding(grant), at: event.position)
}

/// A client that was deleted holds nothing.
func endGrants(
  of client: Identifier, _ event: Event, _ state: inout some LedgerState
) throws {
  guard try state.holdings(of: client) != nil else { return }
  try state.store(Holdings(client: client), at: event.position)
}

/// Before there were roles, clients held the permissions that their scopes listed, everywhere.
func noteListedPermissions(
  _ data: ClientAdded, _ event: Event, _ state: inout some LedgerState
) throws {
  let permissions = data.metadata.scope.permissions
  guard !permissions.isEmpty, let id = Identifier(.grant, bytes: event.subject.bytes) else {
    return
  }
  let grant = Grant(id, RoleReference(permissions), at: .everything, event)
  try add(grant, event, &state)
}
