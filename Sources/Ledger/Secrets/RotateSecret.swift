package import CanonicalJSON

/// Gives a client a new secret and ends the active ones after an overlap.
package struct RotateSecret: Sendable {
  /// More secrets than this are never active at once for one client.
  package static let maximumActive = 10

  let client: Identifier
  let secret: SecretVerifier
  let overlap: Int64

  /// Reads `{"overlap_seconds"}`: 0 to 2,592,000 (thirty days), 3,600 unless given.
  ///
  /// - Throws: `Rejection.invalidFields` with every field that is wrong.
  package init(client: Identifier, secret: SecretVerifier, fields: JSON) throws(Rejection) {
    var reader = try FieldReader(fields)
    self.client = client
    self.secret = secret
    overlap = reader.integer("overlap_seconds", in: 0...2_592_000, default: 3_600)
    try reader.finish()
  }

  /// Whoever gets the secret can do what the client can: a caller rotates only what it could grant.
  func decide(for command: Command, in view: some LedgerView, at now: Timestamp) throws
    -> [NewEvent]
  {
    guard let found = try view.client(client) else { throw Rejection.notFound("client") }
    try command.requirePermissions(of: found.metadata.scope)
    let active = try view.activeSecrets(of: client).filter { $0.isActive(at: now) }
    guard active.count < Self.maximumActive else {
      throw Rejection.conflict(
        "the client has \(active.count) active secrets; revoke one or wait until one has expired")
    }
    let end = now.seconds + overlap
    let replaced = active.map {
      SecretRotated.Replaced(id: $0.id, expires: min($0.expires ?? end, end))
    }
    let data = SecretRotated(client: client, replaced: replaced, secret: secret)
    return [NewEvent(secret.id, .secretRotated(data))]
  }
}

/// Ends a secret at once. As with rotating, the caller must hold what the client holds: nobody
/// locks out a client that is above it.
package struct RevokeSecret: Sendable {
  let client: Identifier
  let secret: Identifier

  package init(client: Identifier, secret: Identifier) {
    self.client = client
    self.secret = secret
  }

  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    guard let found = try view.secret(secret), found.client == client,
      let owner = try view.client(client)
    else { throw Rejection.notFound("secret") }
    try command.requirePermissions(of: owner.metadata.scope)
    guard found.revoked == nil else {
      throw Rejection.conflict("the secret was revoked already")
    }
    return [NewEvent(secret, .secretRevoked(SecretRevoked(client: client)))]
  }
}
