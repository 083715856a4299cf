package import CanonicalJSON

/// Lets a disabled client act again. Done already, it changes nothing.
package struct EnableClient: Sendable {
  let client: Identifier
  package let reason: String?

  /// Reads `{"reason"}`.
  ///
  /// - Throws: `Rejection.invalidFields` with every field that is wrong.
  package init(client: Identifier, fields: JSON) throws(Rejection) {
    var reader = try FieldReader(fields)
    self.client = client
    reason = reader.reason()
    try reader.finish()
  }

  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    let client = try command.client(client, .writeClients, in: view)
    switch client.status {
    case .active: return []
    case .disabled: return [NewEvent(client.id, .clientEnabled(ClientEnabled()))]
    case .revoked:
      throw Rejection.conflict("the client was revoked, which is for ever", [client.id])
    }
  }
}
