/// What an event makes of the state. Deterministic: the same events give the same state.
///
/// Throws what the state throws, and `ImpossibleEvent` when the event does not fit the state.
package func evolve(_ event: Event, _ state: inout some LedgerState) throws {
  if case .tokenIssued = event.body { return try noteToken(event, &state) }
  try change(event, &state)
  try state.note(type: type(of: event.body.data).type, at: event.position)
  for thing in [event.subject] + event.body.alsoConcerns {
    try state.noteHistory(of: thing, at: event.position)
  }
  try noteRequest(event, &state)
}

private func noteToken(_ event: Event, _ state: inout some LedgerState) throws {
  guard let token = PlainToken(event) else {
    throw ImpossibleEvent(event, "issues a token to nobody")
  }
  try evolve(token, &state)
}

/// What the event of a token makes of the state.
package func evolve(_ token: PlainToken, _ state: inout some LedgerState) throws {
  try state.note(token)
  if let network = token.network {
    try state.note(network, of: token.client, at: token.position)
  }
}

/// What events change of the things that they are about.
private func change(_ event: Event, _ state: inout some LedgerState) throws {
  let (subject, position) = (event.subject, event.position)
  switch event.body {
  case .ledgerCreated(let data): try state.store(LedgerIdentity(data, event), at: position)
  case .ledgerContinued(let data):
    try state.store(existing(state.ledger(), event).continued(data), at: position)
  case .policyRevised(let data):
    try state.store(existing(state.ledger(), event).revising(data), at: position)
  case .keyActivated(let data): try state.store(SigningKey(data, event), at: position)
  case .planDefined(let data): try state.store(Plan(data, event), at: position)
  case .planRevised(let data):
    try state.store(existing(state.plan(subject), event).revised(data), at: position)
  case .accountOpened(let data): try state.store(Account(data, event), at: position)
  case .accountRenamed(let data): try changeAccount(event, &state) { $0.renamed(data) }
  case .accountSuspended:
    try changeAccount(event, &state) { $0.becoming(.suspended) }
    try state.voidTokens(of: subject, before: position)
  case .accountResumed: try changeAccount(event, &state) { $0.becoming(.active) }
  case .accountClosed: try changeAccount(event, &state) { $0.becoming(.closed) }
  case .planActivated(let data): try changeAccount(event, &state) { $0.activating(data) }
  case .projectCreated(let data): try state.store(Project(data, event), at: position)
  case .projectEdited(let data): try changeProject(event, &state) { $0.edited(data) }
  case .projectDeleted:
    try state.noteHistory(of: existing(state.project(subject), event).account, at: position)
    try changeProject(event, &state) { $0.deleted(at: event.recorded) }
  case .scopeDefined(let data): try changeProject(event, &state) { $0.defining(data) }
  case .scopeEdited(let data): try changeProject(event, &state) { $0.editing(data) }
  case .scopeRemoved(let data): try changeProject(event, &state) { $0.removing(data) }
  case .domainAdded(let data):
    try changeProject(event, &state) { $0.adding(data.rule, at: position) }
  case .domainChanged(let data):
    try changeProject(event, &state) { try existing($0.changing(data, at: position), event) }
  case .domainRemoved(let data): try changeProject(event, &state) { $0.removing(data.domain) }
  case .clientAdded(let data): try addClient(data, event, &state)
  case .clientRenamed, .clientOwnerChanged, .clientEnabled: try storeClient(after: event, &state)
  case .clientEdited(let data):
    try storeClient(after: event, &state)
    if data.takesAway { try state.voidTokens(of: subject, before: position) }
  case .clientDisabled:
    try storeClient(after: event, &state)
    try state.voidTokens(of: subject, before: position)
  case .clientRevoked: try endClient(event, &state)
  case .clientDeleted: try deleteClient(event, &state)
  case .secretRotated(let data): try rotateSecret(data, event, &state)
  case .secretRevoked(let data): try revokeSecret(data, event, &state)
  case .billingCharged(let data): try state.store(Charge(data, event), at: position)
  case .roleDefined(let data): try state.store(Role(data, event), at: position)
  case .roleRevised(let data):
    try state.store(existing(state.role(subject), event).revising(data), at: position)
  case .roleRemoved:
    try state.store(existing(state.role(subject), event).removed(at: event.recorded), at: position)
  case .roleGranted(let data): try addGrant(data, event, &state)
  case .roleWithdrawn(let data):
    try state.store(existing(state.holdings(of: subject), event).removing(data.grant), at: position)
  case .tokenRevoked(let data):
    try state.revoke(tokenAt: data.issuedAt, expires: data.expires, now: event.recorded)
  case .alertRaised(let data): try noteAlert(data, event, &state)
  case .tokenIssued, .authenticationDenied, .auditRead: break
  }
}

private func changeAccount(
  _ event: Event, _ state: inout some LedgerState, _ change: (Account) -> Account
) throws {
  let account = try existing(state.account(event.subject), event)
  try state.store(change(account), at: event.position)
}

private func changeProject(
  _ event: Event, _ state: inout some LedgerState, _ change: (Project) throws -> Project
) throws {
  let project = try existing(state.project(event.subject), event)
  try state.store(change(project), at: event.position)
}

/// Whoever enables a client again that was suspended for a network takes the network for known.
private func noteAlert(
  _ data: AlertRaised, _ event: Event, _ state: inout some LedgerState
) throws {
  if let thing = data.finding.concerned(event.subject) {
    try state.noteAlert(of: thing, at: event.recorded)
  }
  if case .newNetwork(let network) = data.finding {
    try state.note(network, of: event.subject, at: event.position)
  }
}

/// A command's outcome is found at its first event.
private func noteRequest(_ event: Event, _ state: inout some LedgerState) throws {
  guard let request = event.request, (event.part?.index ?? 0) == 0 else { return }
  try state.store(
    RequestOutcome(position: event.position, body: request.body), for: request)
}

/// A thing that an event speaks of.
func existing<Record>(_ record: Record?, _ event: Event) throws -> Record {
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
