/// Ends one token. Repeated, it changes nothing.
package struct RevokeToken: Sendable {
  let token: Identifier
  let issuedAt: Position

  /// - Parameter issuedAt: where the token's event stands, as the token itself says.
  package init(token: Identifier, issuedAt: Position) {
    self.token = token
    self.issuedAt = issuedAt
  }

  /// No event when the token is not active any more (RFC 7009 §2.2: that is success).
  func decide(for command: Command, in view: some LedgerView, at now: Timestamp) throws
    -> [NewEvent]
  {
    guard let issued = try view.issuedToken(token, at: issuedAt) else { return [] }
    guard try mayRevoke(issued, command, view) else {
      throw Rejection.unauthorizedClient("the token was issued to another client")
    }
    return try issued.isActive(in: view, at: now) ? [issued.revocation] : []
  }

  /// Its own client may, and who holds the permission where that client stands; but what happens in
  /// test mode ends nothing that is live.
  private func mayRevoke(
    _ issued: IssuedToken, _ command: Command, _ view: some LedgerView
  ) throws -> Bool {
    if case .client(issued.client, _, _) = command.actor { return true }
    guard let client = try view.client(issued.client),
      try issued.data.mode == .test || !isTest(command.actor, view)
    else { return false }
    return try command.authority(in: view).holds(.revokeTokens, at: client.place)
  }

  private func isTest(_ actor: Actor, _ view: some LedgerView) throws -> Bool {
    guard case .client(let caller, _, _) = actor else { return false }
    return try view.client(caller)?.metadata.mode == .test
  }
}

extension IssuedToken {
  /// Its end before its time.
  var revocation: NewEvent {
    let data = TokenRevoked(client: client, expires: self.data.expires, issuedAt: position)
    return NewEvent(id, .tokenRevoked(data), cause: position)
  }
}
