/// Adds an owner beside those that there are, for the day on which the last secret of theirs is
/// lost. It is for who stands at the machine; nothing is charged.
package struct RecoverOwner: Sendable {
  let client: Identifier
  let grant: Identifier
  let secret: SecretVerifier

  package init(client: Identifier, grant: Identifier, secret: SecretVerifier) {
    self.client = client
    self.grant = grant
    self.secret = secret
  }

  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    guard let ledger = try view.ledger(), let owner = try view.owners().first else {
      throw Rejection.conflict("no client holds the role owner for everything")
    }
    let added = ClientAdded(
      account: owner.account, acknowledgements: Acknowledgements(by: command.actor),
      clientID: client.text,
      metadata: .ledgerOperator("Ledger operator \(client.text.suffix(8))", issuer: ledger.issuer),
      owner: client, project: owner.project, secret: secret)
    let granted = RoleGranted(grant: grant, role: .builtIn(.owner), at: .everything)
    return [NewEvent(client, .clientAdded(added)), NewEvent(client, .roleGranted(granted))]
  }
}

extension ClientMetadata {
  /// Who operates the ledger: it has no scope but the permissions of its roles.
  package static func ledgerOperator(_ name: String, issuer: String) -> ClientMetadata {
    ClientMetadata(
      clientName: name, applicationType: .service,
      appName: "tallystick", appVersion: "1", clientURI: nil, scope: .none, audience: issuer,
      mode: .live, tokenLifetime: 3_600)
  }
}
