/// What an event makes of the state. Deterministic: the same events give the same state.
///
/// Throws what the state throws, and `ImpossibleEvent` when the event does not fit the state.
package func evolve(_ event: Event, _ state: inout some LedgerState) throws {
  switch event.body {
  case .ledgerCreated(let data):
    try state.store(LedgerIdentity(data, event), at: event.position)
  case .keyActivated(let data):
    try state.store(SigningKey(data, event), at: event.position)
  case .planDefined(let data):
    try state.store(Plan(data, event), at: event.position)
  case .planRevised(let data):
    let plan = try existing(state.plan(event.subject), event)
    try state.store(plan.revised(data), at: event.position)
  case .accountOpened(let data):
    try state.store(Account(data, event), at: event.position)
  case .accountRenamed(let data): try change(event, &state) { $0.renamed(data) }
  case .accountSuspended:
    try change(event, &state) { $0.becoming(.suspended) }
    try state.voidTokens(of: event.subject, before: event.position)
  case .accountResumed: try change(event, &state) { $0.becoming(.active) }
  case .accountClosed: try change(event, &state) { $0.becoming(.closed) }
  case .planActivated(let data): try change(event, &state) { $0.activating(data) }
  case .projectCreated(let data):
    try state.store(Project(data, event), at: event.position)
  case .projectEdited(let data): try change(event, &state) { $0.edited(data) }
  case .projectDeleted:
    let project = try existing(state.project(event.subject), event)
    try state.store(project.deleted(at: event.recorded), at: event.position)
    try state.noteHistory(of: project.account, at: event.position)
  case .scopeDefined(let data): try change(event, &state) { $0.defining(data) }
  case .scopeEdited(let data): try change(event, &state) { $0.editing(data) }
  case .scopeRemoved(let data): try change(event, &state) { $0.removing(data) }
  case .domainAdded(let data):
    try change(event, &state) { $0.adding(data.rule, at: event.position) }
  case .domainChanged(let data):
    try change(event, &state) { try existing($0.changing(data, at: event.position), event) }
  case .domainRemoved(let data): try change(event, &state) { $0.removing(data.domain) }
  case .clientAdded(let data):
    let secret = Secret(data.secret, client: event.subject, event)
    try state.store(Client(data, event), at: event.position)
    try state.store(secret, at: event.position)
    try state.store([ActiveSecret(secret)], of: event.subject)
    try noteListedPermissions(data, event, &state)
  case .clientRenamed, .clientOwnerChanged, .clientEnabled:
    try storeClient(after: event, &state)
  case .clientEdited(let data):
    try storeClient(after: event, &state)
    if data.takesAway { try state.voidTokens(of: event.subject, before: event.position) }
  case .clientDisabled:
    try storeClient(after: event, &state)
    try state.voidTokens(of: event.subject, before: event.position)
  case .clientRevoked: try endClient(event, &state)
  case .clientDeleted:
    try endClient(event, &state)
    try endGrants(of: event.subject, event, &state)
    let project = try existing(state.client(event.subject), event).project
    try state.noteHistory(of: project, at: event.position)
  case .secretRotated(let data):
    try evolve(data, event, &state)
  case .secretRevoked(let data):
    let secret = try existing(state.secret(event.subject), event)
    let others = try state.activeSecrets(of: data.client).filter { $0.id != secret.id }
    try state.store(secret.revoked(at: event.recorded), at: event.position)
    try state.store(others, of: data.client)
    try state.voidTokens(of: event.subject, before: event.position)
  case .billingCharged(let data):
    try state.store(Charge(data, event), at: event.position)
  case .roleDefined(let data):
    try state.store(Role(data, event), at: event.position)
  case .roleRevised(let data):
    let role = try existing(state.role(event.subject), event)
    try state.store(role.revising(data), at: event.position)
  case .roleRemoved:
    let role = try existing(state.role(event.subject), event)
    try state.store(role.removed(at: event.recorded), at: event.position)
  case .roleGranted(let data):
    try evolve(data, event, &state)
  case .roleWithdrawn(let data):
    let holdings = try existing(state.holdings(of: event.subject), event)
    try state.store(holdings.removing(data.grant), at: event.position)
  case .tokenIssued:
    guard let token = IssuedToken(event) else {
      throw ImpossibleEvent(event, "issues a token to nobody")
    }
    try state.note(token)
    if let network = token.data.network {
      try state.note(network, of: token.client, at: event.position)
    }
    return
  case .tokenRevoked(let data):
    try state.revoke(tokenAt: data.issuedAt, expires: data.expires, now: event.recorded)
  case .authenticationDenied, .auditRead: break
  case .alertRaised(let data): try evolve(data, event, &state)
  case .policyRevised(let data):
    let ledger = try existing(state.ledger(), event)
    try state.store(ledger.revising(data), at: event.position)
  }
  try state.note(type: type(of: event.body.data).type, at: event.position)
  for thing in [event.subject] + event.body.alsoConcerns {
    try state.noteHistory(of: thing, at: event.position)
  }
  try noteRequest(event, &state)
}

private func change(
  _ event: Event, _ state: inout some LedgerState, _ change: (Account) -> Account
) throws {
  let account = try existing(state.account(event.subject), event)
  try state.store(change(account), at: event.position)
}

private func change(
  _ event: Event, _ state: inout some LedgerState, _ change: (Project) throws -> Project
) throws {
  let project = try existing(state.project(event.subject), event)
  try state.store(change(project), at: event.position)
}

private func evolve(
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

/// Whoever enables a client again that was suspended for a network takes the network for known.
private func evolve(
  _ data: AlertRaised, _ event: Event, _ state: inout some LedgerState
) throws {
  if let thing = data.finding.concerned(event.subject) {
    try state.noteAlert(of: thing, at: event.recorded)
  }
  if case .newNetwork(let network) = data.finding {
    try state.note(network, of: event.subject, at: event.position)
  }
}

private func storeClient(after event: Event, _ state: inout some LedgerState) throws {
  let client = try existing(state.client(event.subject), event)
  try state.store(client.after(event), at: event.position)
}

/// For ever, with all that it has.
private func endClient(_ event: Event, _ state: inout some LedgerState) throws {
  try storeClient(after: event, &state)
  try endSecrets(of: event.subject, event, &state)
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

private func evolve(
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
private func endGrants(
  of client: Identifier, _ event: Event, _ state: inout some LedgerState
) throws {
  guard try state.holdings(of: client) != nil else { return }
  try state.store(Holdings(client: client), at: event.position)
}

/// Before there were roles, clients held the permissions that their scopes listed, everywhere.
private func noteListedPermissions(
  _ data: ClientAdded, _ event: Event, _ state: inout some LedgerState
) throws {
  let permissions = data.metadata.scope.permissions
  guard !permissions.isEmpty, let id = Identifier(.grant, bytes: event.subject.bytes) else {
    return
  }
  let grant = Grant(id, RoleReference(permissions), at: .everything, event)
  try add(grant, event, &state)
}

/// A command's outcome is found at its first event.
private func noteRequest(_ event: Event, _ state: inout some LedgerState) throws {
  guard let request = event.request, (event.part?.index ?? 0) == 0 else { return }
  try state.store(
    RequestOutcome(position: event.position, body: request.body), for: request)
}

private func existing<Record>(_ record: Record?, _ event: Event) throws -> Record {
  guard let record else { throw ImpossibleEvent(event, "speaks of a thing that is not there") }
  return record
}

/// An event in the log that no rule could have made.
package struct ImpossibleEvent: Error, Sendable, CustomStringConvertible {
  package let description: String

  init(_ event: Event, _ what: String) {
    description = "the event at position \(event.position) \(what)"
  }
}
