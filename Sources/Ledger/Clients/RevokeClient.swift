package import CanonicalJSON

/// What the provider does about credentials that are misused: it ends a client or one of its
/// secrets for ever, and says why.
package struct RevokeClient: Sendable {
  let client: Identifier
  /// The one secret that is ended; nil for the client and all it has.
  package let secret: Identifier?
  let grounds: Grounds
  package let reason: String?

  /// Reads `{"grounds","reason","secret"}`.
  ///
  /// - Throws: `Rejection.invalidFields` with every field that is wrong.
  package init(client: Identifier, fields: JSON) throws(Rejection) {
    var reader = try FieldReader(fields)
    self.client = client
    grounds = reader.choice("grounds", nil, among: Grounds.allCases)
    secret = reader.optionalIdentifier("secret", .secret)
    reason = reader.reason(isRequired: true)
    try reader.finish()
  }

  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    if let secret {
      let client = try command.client(client, .writeSystem, in: view)
      return [try client.revocation(of: secret, grounds, in: view)]
    }
    let client = try command.clientToStop(client, .writeSystem, in: view)
    guard client.status != .revoked else {
      throw Rejection.conflict("the client was revoked already", [client.id])
    }
    return [NewEvent(client.id, .clientRevoked(ClientRevoked(grounds: grounds)))]
  }
}
