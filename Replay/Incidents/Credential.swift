import Ledger

/// A secret or a client that is suspected.
struct Credential {
  let id: Identifier
  /// Whose the secret is; nil of a client.
  let client: Identifier?
  let origin: Suspicion.Origin
  let standing: Standing

  enum Standing: String {
    case active, disabled, expired, revoked, deleted
  }

  /// The deepest last, and what one event made in the order of their kinds.
  var order: (Int, Position, String, Identifier) {
    (origin.depth, origin.made ?? 0, id.kind.rawValue, id)
  }

  /// Whether it can be revoked: a secret that expired has tokens that are good.
  var canEnd: Bool { standing != .revoked && standing != .deleted }
}

extension Impact {
  /// Every suspected credential in their order: those of suspected clients too, and
  /// those that were shown from a suspected network.
  var credentials: [Credential] {
    let clients = suspicion.clients.compactMap { id, origin in
      state.client(id).map {
        Credential(id: id, client: nil, origin: origin, standing: Self.standing($0))
      }
    }
    var secrets = suspicion.secrets
    for id in tokens.secretsShown where secrets[id] == nil {
      secrets[id] = Suspicion.Origin(depth: 0, made: nil)
    }
    for (id, version) in state.secrets where secrets[id] == nil {
      secrets[id] = suspicion.clients[version.record.client]
    }
    return (clients + secrets.compactMap { credential($0, $1) }).sorted { $0.order < $1.order }
  }

  private func credential(_ id: Identifier, _ origin: Suspicion.Origin) -> Credential? {
    guard let secret = state.secret(id) else { return nil }
    return Credential(
      id: id, client: secret.client, origin: origin, standing: standing(secret))
  }

  private static func standing(_ client: Client) -> Credential.Standing {
    if client.isDeleted { return .deleted }
    switch client.status {
    case .active: return .active
    case .disabled: return .disabled
    case .revoked: return .revoked
    }
  }

  /// A secret ends with its client.
  private func standing(_ secret: Secret) -> Credential.Standing {
    let client = state.client(secret.client).map(Self.standing)
    if secret.revoked != nil || client == .revoked || client == .deleted { return .revoked }
    return secret.isActive(at: now) ? .active : .expired
  }
}
