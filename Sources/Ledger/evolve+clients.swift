// What events make of clients and their secrets.

func addClient(
  _ data: ClientAdded, _ event: Event, _ state: inout some LedgerState
) throws {
  let secret = Secret(data.secret, client: event.subject, event)
  try state.store(Client(data, event), at: event.position)
  try state.store(secret, at: event.position)
  try state.store([ActiveSecret(secret)], of: event.subject)
  try noteListedPermissions(data, event, &state)
}

func storeClient(after event: Event, _ state: inout some LedgerState) throws {
  let client = try existing(state.client(event.subject), event)
  try state.store(client.after(event), at: event.position)
}

/// For ever, with all that it has.
func endClient(_ event: Event, _ state: inout some LedgerState) throws {
  try storeClient(after: event, &state)
  try endSecrets(of: event.subject, event, &state)
  try state.voidTokens(of: event.subject, before: event.position)
}

func deleteClient(_ event: Event, _ state: inout some LedgerState) throws {
  try endClient(event, &state)
  try endGrants(of: event.subject, event, &state)
  let project = try existing(state.client(event.subject), event).project
  try state.noteHistory(of: project, at: event.position)
}

func rotateSecret(
  _ data: SecretRotated, _ event: Event, _ state: inout some LedgerState
) throws {
  var active: [ActiveSecret] = []
  for replaced in data.replaced {
    let secret = try existing(state.secret(replaced.id), event).expiring(at: replaced.expires)
    try state.store(secret, at: event.position)
    active.append(ActiveSecret(secret))
  }
  let secret = Secret(data.secret, client: data.client, event)
  try state.store(secret, at: event.position)
  try state.store(active + [ActiveSecret(secret)], of: data.client)
}

func revokeSecret(
  _ data: SecretRevoked, _ event: Event, _ state: inout some LedgerState
) throws {
  let secret = try existing(state.secret(event.subject), event)
  let others = try state.activeSecrets(of: data.client).filter { $0.id != secret.id }
  try state.store(secret.revoked(at: event.recorded), at: event.position)
  try state.store(others, of: data.client)
  try state.voidTokens(of: event.subject, before: event.position)
}

/// Every secret that may still be accepted ends now.
private func endSecrets(
  of client: Identifier, _ event: Event, _ state: inout some LedgerState
) throws {
  for active in try state.activeSecrets(of: client) {
    let secret = try existing(state.secret(active.id), event)
    try state.store(secret.revoked(at: event.recorded), at: event.position)
  }
  try state.store([], of: client)
}
