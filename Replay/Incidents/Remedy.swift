import Ledger

/// What would end all that is suspected and can still be used: clients that were added, then secrets
/// of other clients, then tokens that none of these takes with it. A client that an incident begins
/// with gets new secrets and lives on.
struct Remedy {
  let clients: [Identifier]
  let secrets: [Identifier]
  private let ended: Set<Identifier>

  init(_ credentials: [Credential]) {
    let added = credentials.filter { $0.client == nil && $0.origin.depth > 0 && $0.canEnd }
    clients = added.map(\.id)
    let ended = Set(clients)
    let others = credentials.filter { credential in
      credential.client.map { !ended.contains($0) } ?? false && credential.canEnd
    }
    secrets = others.map(\.id)
    self.ended = ended.union(secrets)
  }

  /// Whether a token must end by itself.
  func leaves(_ token: IssuedToken) -> Bool {
    !ended.contains(token.client) && !ended.contains(token.data.secret)
  }
}
