extension LedgerView {
  /// There is always a client that may do everything and can ask for tokens wherever it is.
  ///
  /// - Parameter isGone: whether the change at hand takes this away from a client.
  /// - Throws: `Rejection.conflict` when it would take it away from the last one.
  package func requireAnOwner(without isGone: (Client) throws -> Bool) throws {
    let owners = try owners()
    let gone = try owners.filter(isGone)
    guard !gone.isEmpty, gone.count == owners.count else { return }
    throw Rejection.conflict(
      "nobody else would hold the role owner for everything", gone.map(\.id))
  }

  /// Clients that hold the role owner for everything and may use it.
  package func owners() throws -> [Client] {
    try holders(of: .builtIn(.owner)).compactMap { id in
      guard try holdings(of: id)?.isOwner == true, let client = try client(id) else { return nil }
      return try isFree(client) ? client : nil
    }
  }

  /// Whether nothing keeps a client from administration: no state of its own or of its account, and
  /// no domain.
  private func isFree(_ client: Client) throws -> Bool {
    guard try client.mayAuthenticate(in: self), client.metadata.mode == .live,
      client.metadata.applicationType.mayUseClientCredentials
    else { return false }
    return try project(client.project)?.domains.isEmpty == true
  }
}
