/// Ends a secret at once, and the tokens that it bought.
package struct RevokeSecret: Sendable {
  let client: Identifier
  let secret: Identifier

  package init(client: Identifier, secret: Identifier) {
    self.client = client
    self.secret = secret
  }

  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    let client = try command.client(client, .writeSecrets, in: view)
    return [try client.revocation(of: secret, nil, in: view)]
  }
}

extension Client {
  /// The end of one of its secrets.
  ///
  /// - Throws: `Rejection.notFound` for a secret that is not its own, `Rejection.conflict` for one
  ///   that was ended already.
  func revocation(
    of secret: Identifier, _ grounds: Grounds?, in view: some LedgerView
  ) throws -> NewEvent {
    guard let found = try view.secret(secret), found.client == id else {
      throw Rejection.notFound("secret")
    }
    guard found.revoked == nil else {
      throw Rejection.conflict("the secret was revoked already", [secret])
    }
    return NewEvent(secret, .secretRevoked(SecretRevoked(client: id, grounds: grounds)))
  }
}
