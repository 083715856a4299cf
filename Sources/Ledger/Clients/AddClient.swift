package import CanonicalJSON

/// Adds a client to a project and charges the application fee: both or neither.
package struct AddClient: Sendable {
  package let id: Identifier
  let charge: Identifier
  let project: Identifier
  let owner: Identifier?
  let metadata: ClientMetadata
  /// The id on the wire; the internal one unless another was chosen.
  let clientID: String
  let secret: SecretVerifier
  let isActive: Bool
  package let reason: String?

  /// - Parameters:
  ///   - charge: the identifier that the charge will have.
  ///   - owner: nil for the caller itself; a client added by the system owns itself.
  package init(
    id: Identifier, charge: Identifier, project: Identifier, owner: Identifier?,
    metadata: ClientMetadata, secret: SecretVerifier
  ) {
    self.id = id
    self.charge = charge
    self.project = project
    self.owner = owner
    self.metadata = metadata
    clientID = id.text
    self.secret = secret
    isActive = true
    reason = nil
  }

  /// Reads the body of a registration. `audience` is the issuer unless given, `mode` live,
  /// `token_lifetime` 3600 seconds, `active` true.
  ///
  /// - Parameter secret: made of the body's `client_secret`, if it has one.
  /// - Throws: `Rejection.invalidFields` with every field that is wrong.
  package init(
    id: Identifier, charge: Identifier, project: Identifier, secret: SecretVerifier,
    issuer: String, fields: JSON
  ) throws(Rejection) {
    var reader = try FieldReader(fields)
    metadata = ClientMetadata(
      clientName: reader.clientName(), applicationType: reader.applicationType(),
      appName: reader.appName(), appVersion: reader.appVersion(),
      clientURI: reader.optionalAddress("client_uri"), redirectURIs: reader.redirectURIs(),
      scope: reader.scope("scope"), audience: reader.audience(issuer: issuer),
      mode: reader.choice("mode", .live, among: ClientMetadata.Mode.allCases),
      tokenLifetime: reader.tokenLifetime())
    owner = reader.optionalIdentifier("owner", .client)
    clientID = reader.chosenClientID() ?? id.text
    _ = reader.hasChosenSecret()
    isActive = reader.flag("active", default: true)
    reader.complete("acknowledgements", Acknowledgements.names)
    reason = reader.reason()
    try reader.finish()
    self.id = id
    self.charge = charge
    self.project = project
    self.secret = secret
  }

  func decide(for command: Command, in view: some LedgerView, at now: Timestamp) throws
    -> [NewEvent]
  {
    guard let project = try view.project(project) else { throw Rejection.notFound("project") }
    try command.require(.writeClients, at: project.place, hiding: "project", in: view)
    guard let account = try view.account(project.account) else {
      throw Rejection.notFound("account")
    }
    try account.requireActive()
    try project.requireDefined(metadata.scope)
    try checkUnique(in: view)
    let added = ClientAdded(
      account: account.id, acknowledgements: Acknowledgements(by: command.actor),
      clientID: clientID, metadata: metadata, owner: try owner(for: command, in: view),
      project: project.id, secret: secret)
    let events = [
      NewEvent(id, .clientAdded(added)),
      NewEvent(charge, .billingCharged(try fee(for: account, in: view, at: now))),
    ]
    return isActive ? events : events + [NewEvent(id, .clientDisabled(ClientDisabled()))]
  }

  /// What the account pays for the client.
  private func fee(
    for account: Account, in view: some LedgerView, at now: Timestamp
  ) throws -> BillingCharged {
    guard let planID = account.plan, let plan = try view.plan(planID) else {
      throw Rejection.conflict("the account \(account.id.text) has no active plan", [account.id])
    }
    guard let price = plan.price(of: .applicationFee, in: account.currency) else {
      throw Rejection.conflict(
        "the plan \(plan.name) has no application fee in \(account.currency.code)", [plan.id])
    }
    return BillingCharged(
      account: account.id, plan: plan, item: .applicationFee, price: price, quantity: 1,
      unit: "client", paysFor: id, period: now.month)
  }

  private func checkUnique(in view: some LedgerView) throws {
    guard try view.client(named: metadata.clientName) == nil else {
      throw Rejection.taken(field: "client_name", "another client has this name")
    }
    guard try view.client(wireID: clientID) == nil else {
      throw Rejection.taken(field: "client_id", "another client has this id")
    }
  }

  private func owner(for command: Command, in view: some LedgerView) throws -> Identifier {
    if let owner {
      try command.checkOwner(owner, in: view)
      return owner
    }
    guard case .client(let caller, _, _) = command.actor else { return id }
    return caller
  }
}
