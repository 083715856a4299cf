/// Ends a client for ever, its secrets and tokens at once. Its name and its id on the wire may be
/// used again, by a client with a history of its own.
package struct DeleteClient: Sendable {
  let client: Identifier

  package init(client: Identifier) { self.client = client }

  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    let client = try command.clientToStop(client, .writeClients, in: view)
    return [NewEvent(client.id, .clientDeleted(ClientDeleted()))]
  }
}
