/// A token as the log knows it: its event is its row.
package struct IssuedToken: Sendable {
  package let id: Identifier
  package let client: Identifier
  package let position: Position
  package let issued: Timestamp
  package let data: TokenIssued

  /// Nil unless the event issued a token.
  package init?(_ event: Event) {
    guard case .tokenIssued(let data) = event.body,
      case .client(let client, _, _) = event.actor
    else { return nil }
    id = event.subject
    self.client = client
    position = event.position
    issued = event.recorded
    self.data = data
  }

  /// Why a token is not good.
  package enum Obstacle: String, Sendable {
    case expired
    /// By itself.
    case revoked
    /// All tokens that were issued before were declared void for one of these.
    case secret, client, project, account, ledger
    /// The domain that it was asked for under is gone.
    case domain
  }

  /// The one answer to whether a token is good: not expired, not revoked by itself, not issued
  /// before its client, its secret, its project, its account or the ledger declared tokens void,
  /// and not for a domain that is gone.
  package func isActive(in view: some LedgerRecords, at now: Timestamp) throws -> Bool {
    try obstacle(in: view, at: now) == nil
  }

  /// What keeps a token from being good; nil for one that is.
  package func obstacle(in view: some LedgerRecords, at now: Timestamp) throws -> Obstacle? {
    if hasExpired(data.expires, at: now) { return .expired }
    if try view.isRevoked(tokenAt: position, expires: data.expires) { return .revoked }
    guard let client = try view.client(client) else { return .client }
    if let voided = try voided(with: client, in: view) { return voided }
    return try standsWithItsDomain(of: client, in: view) ? nil : .domain
  }

  /// Mostly one look: few things ever declare tokens void.
  private func voided(with client: Client, in view: some LedgerRecords) throws -> Obstacle? {
    guard let last = try view.lastVoiding(), position < last else { return nil }
    guard let ledger = try view.ledger() else { return .ledger }
    let things: [(id: Identifier, obstacle: Obstacle)] = [
      (data.secret, .secret), (client.id, .client), (client.project, .project),
      (client.account, .account), (ledger.id, .ledger),
    ]
    return try things.first { try view.notValidBefore($0.id).map { position < $0 } ?? false }?
      .obstacle
  }

  private func standsWithItsDomain(of client: Client, in view: some LedgerRecords) throws -> Bool {
    guard let domain = data.domain else { return true }
    return try view.project(client.project)?.domain(domain)?.stands(behind: self) ?? false
  }
}
