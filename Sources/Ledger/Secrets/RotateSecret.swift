package import CanonicalJSON

/// Gives a client a new secret and ends the active ones after an overlap.
package struct RotateSecret: Sendable {
  /// More secrets than this are never active at once for one client.
  package static let maximumActive = 10

  let client: Identifier
  let secret: SecretVerifier
  let overlap: Int64
  package let reason: String?

  /// Reads `{"overlap_seconds","client_secret","reason"}`: the overlap 0 to 2,592,000 (thirty
  /// days), 3,600 unless given.
  ///
  /// - Parameter secret: made of the body's `client_secret`, if it has one.
  /// - Throws: `Rejection.invalidFields` with every field that is wrong.
  package init(client: Identifier, secret: SecretVerifier, fields: JSON) throws(Rejection) {
    var reader = try FieldReader(fields)
    self.client = client
    self.secret = secret
    overlap = reader.integer("overlap_seconds", in: 0...2_592_000, default: 3_600)
    _ = reader.hasChosenSecret()
    reason = reader.reason()
    try reader.finish()
  }

  func decide(for command: Command, in view: some LedgerView, at now: Timestamp) throws
    -> [NewEvent]
  {
    let client = try command.client(client, .writeSecrets, in: view)
    guard client.status != .revoked else {
      throw Rejection.conflict("the client was revoked, which is for ever", [client.id])
    }
    try checkNew(in: view)
    let active = try view.activeSecrets(of: client.id).filter { $0.isActive(at: now) }
    guard active.count < Self.maximumActive else {
      throw Rejection.conflict(
        "the client has \(active.count) active secrets; revoke one or wait until one has expired",
        active.map(\.id))
    }
    let end = now.seconds + overlap
    let replaced = active.map {
      SecretRotated.Replaced(id: $0.id, expires: min($0.expires ?? end, end))
    }
    let data = SecretRotated(client: client.id, replaced: replaced, secret: secret)
    return [NewEvent(secret.id, .secretRotated(data))]
  }

  /// A secret that the client ever had is not its new one: it would live on past its end.
  private func checkNew(in view: some LedgerView) throws {
    let old = try view.secret(of: client, pepper: secret.pepper, verifier: secret.verifier)
    guard old == nil else {
      throw Rejection.invalidFields([
        FieldProblem("client_secret", "must be another one than the client has or had")
      ])
    }
  }
}
