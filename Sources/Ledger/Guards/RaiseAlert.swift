/// Raises an alert for what was found, if the policy says so.
package struct RaiseAlert: Sendable {
  let client: Identifier
  let finding: Finding

  package init(of client: Identifier, _ finding: Finding) {
    self.client = client
    self.finding = finding
  }

  /// No event when the policy ignores it, the client is gone, or it was told less than an hour ago.
  func decide(in view: some LedgerView, at now: Timestamp) throws -> [NewEvent] {
    guard let client = try view.existingClient(client) else { return [] }
    return try view.alert(finding, of: client, at: now)
  }
}

extension LedgerView {
  /// The events by which the ledger tells what was found of a client and, where the policy says so,
  /// disables it. The last owner is spared, or an attacker could lock the operator out.
  func alert(_ finding: Finding, of client: Client, at now: Timestamp) throws -> [NewEvent] {
    guard let policy = try ledger()?.policy, policy.notices(finding) else { return [] }
    let isToSuspend = policy[finding.rule] == .suspend && client.status == .active
    let spares = try isToSuspend && isLastOwner(client)
    let suspends = isToSuspend && !spares
    guard try suspends || !wasTold(finding, client, at: now) else { return [] }
    let alert = NewEvent(
      client.id, .alertRaised(AlertRaised(finding, suspends: suspends, spares: spares)),
      actor: .ownGuard)
    guard suspends else { return [alert] }
    let disabled = NewEvent(
      client.id, .clientDisabled(ClientDisabled()), causedByPart: 0, actor: .ownGuard,
      reason: "the policy suspends a client for \(finding.rule.rawValue)")
    return [alert, disabled]
  }

  /// Whether the same rule told of the same thing within the last hour.
  private func wasTold(_ finding: Finding, _ client: Client, at now: Timestamp) throws -> Bool {
    guard let thing = finding.concerned(client.id), let last = try lastAlert(of: thing) else {
      return false
    }
    return now.seconds - last.seconds < 3_600
  }

  private func isLastOwner(_ client: Client) throws -> Bool {
    do {
      try requireAnOwner { $0.id == client.id }
      return false
    } catch is Rejection {
      return true
    }
  }
}
