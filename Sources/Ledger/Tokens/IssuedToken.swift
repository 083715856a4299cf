/// A token as the log knows it: its event is its row.
package struct IssuedToken: Sendable {
  package let id: Identifier
  package let client: Identifier
  package let position: Position
  package let issued: Timestamp
  package let data: TokenIssued

  /// Nil unless the event issued a token.
  package init?(_ event: Event) {
    guard case .tokenIssued(let data) = event.body, case .client(let client, _) = event.actor
    else { return nil }
    id = event.subject
    self.client = client
    position = event.position
    issued = event.recorded
    self.data = data
  }

  /// The one answer to whether a token is good: not expired, not revoked by itself, not issued
  /// before its client, its secret, its project, its account or the ledger declared tokens void, and
  /// not for a domain that is gone.
  package func isActive(in view: some LedgerView, at now: Timestamp) throws -> Bool {
    guard !hasExpired(data.expires, at: now),
      try !view.isRevoked(tokenAt: position, expires: data.expires),
      let client = try view.client(client)
    else { return false }
    return try !isVoid(with: client, in: view) && standsWithItsDomain(of: client, in: view)
  }

  /// Mostly one look: few things ever declare tokens void.
  private func isVoid(with client: Client, in view: some LedgerView) throws -> Bool {
    guard let last = try view.lastVoiding(), position < last else { return false }
    guard let ledger = try view.ledger() else { return true }
    let things = [data.secret, client.id, client.project, client.account, ledger.id]
    return try things.contains { thing in
      try view.notValidBefore(thing).map { position < $0 } ?? false
    }
  }

  private func standsWithItsDomain(of client: Client, in view: some LedgerView) throws -> Bool {
    guard let domain = data.domain else { return true }
    return try view.project(client.project)?.domain(domain)?.stands(behind: self) ?? false
  }
}
