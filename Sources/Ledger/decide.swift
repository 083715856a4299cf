/// What becomes of a command.
package enum Decision: Sendable {
  /// These events, in this order, all or none. None: the command is fine and changes nothing.
  case accepted([NewEvent])
  /// The same request was carried out before; its first event stands here.
  case repeated(Position)
  case rejected(Rejection)
}

/// The rules. Reads nothing but its arguments: no clock, no random source, no network.
///
/// Throws only what the view throws.
package func decide(
  _ command: Command, _ view: some LedgerView, now: Timestamp
) throws -> Decision {
  do {
    guard try command.isAuthentic(in: view, at: now) else { return .rejected(.invalidClient) }
    if let request = command.request, let outcome = try view.outcome(of: request) {
      guard outcome.body == request.body else { return .rejected(.idempotencyKeyReused) }
      return .repeated(outcome.position)
    }
    try command.precondition?.check(in: view)
    return .accepted(try events(of: command, view, now))
  } catch let rejection as Rejection {
    return .rejected(rejection)
  }
}

private func events(
  of command: Command, _ view: some LedgerView, _ now: Timestamp
) throws -> [NewEvent] {
  switch command.action {
  case .createLedger(let action): try action.decide(in: view)
  case .continueLedger(let action): try action.decide(in: view)
  case .activateKey(let action): action.decide()
  case .recoverOwner(let action): try action.decide(for: command, in: view)
  case .definePlan(let action): try action.decide(for: command, in: view)
  case .revisePlan(let action): try action.decide(for: command, in: view)
  case .openAccount(let action): try action.decide(for: command, in: view)
  case .editAccount(let action): try action.decide(for: command, in: view)
  case .suspendAccount(let action): try action.decide(for: command, in: view)
  case .resumeAccount(let action): try action.decide(for: command, in: view)
  case .closeAccount(let action): try action.decide(for: command, in: view)
  case .createProject(let action): try action.decide(for: command, in: view)
  case .editProject(let action): try action.decide(for: command, in: view)
  case .deleteProject(let action): try action.decide(for: command, in: view)
  case .defineScope(let action): try action.decide(for: command, in: view)
  case .editScope(let action): try action.decide(for: command, in: view)
  case .removeScope(let action): try action.decide(for: command, in: view)
  case .addClient(let action): try action.decide(for: command, in: view, at: now)
  case .editClient(let action): try action.decide(for: command, in: view)
  case .disableClient(let action): try action.decide(for: command, in: view)
  case .enableClient(let action): try action.decide(for: command, in: view)
  case .revokeClient(let action): try action.decide(for: command, in: view)
  case .deleteClient(let action): try action.decide(for: command, in: view)
  case .rotateSecret(let action): try action.decide(for: command, in: view, at: now)
  case .revokeSecret(let action): try action.decide(for: command, in: view)
  case .addDomain(let action): try action.decide(for: command, in: view)
  case .changeDomain(let action): try action.decide(for: command, in: view)
  case .removeDomain(let action): try action.decide(for: command, in: view)
  case .defineRole(let action): try action.decide(for: command, in: view)
  case .reviseRole(let action): try action.decide(for: command, in: view)
  case .removeRole(let action): try action.decide(for: command, in: view)
  case .grantRole(let action): try action.decide(for: command, in: view)
  case .withdrawRole(let action): try action.decide(for: command, in: view)
  case .issueToken(let action): try action.decide(for: command, in: view, at: now)
  case .revokeToken(let action): try action.decide(for: command, in: view, at: now)
  case .revokeListed(let action): try action.decide(for: command, in: view, at: now)
  case .recordDenials(let action): try action.decide(in: view)
  case .recordReads(let action): try action.decide(in: view)
  case .raiseAlert(let action): try action.decide(in: view, at: now)
  case .revisePolicy(let action): try action.decide(for: command, in: view)
  }
}
