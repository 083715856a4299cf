package import CanonicalJSON

/// Adds a client to a project and charges the application fee: both or neither.
package struct AddClient: Sendable {
  package let id: Identifier
  let charge: Identifier
  let project: Identifier
  let owner: Identifier?
  let metadata: ClientMetadata
  let secret: SecretVerifier

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
    self.secret = secret
  }

  /// Reads the body of a registration. `audience` is the issuer unless given, `mode` live,
  /// `token_lifetime` 3600 seconds.
  ///
  /// - Throws: `Rejection.invalidFields` with every field that is wrong.
  package init(
    id: Identifier, charge: Identifier, project: Identifier, secret: SecretVerifier,
    issuer: String, fields: JSON
  ) throws(Rejection) {
    var reader = try FieldReader(fields)
    let metadata = ClientMetadata(
      clientName: reader.name("client_name", scalars: 5...50),
      applicationType: reader.choice(
        "application_type", nil, among: ClientMetadata.ApplicationType.allCases),
      appName: reader.name("app_name", scalars: 5...50),
      appVersion: reader.name("app_version", scalars: 1...50),
      clientURI: reader.optionalAddress("client_uri"),
      scope: reader.scope("scope"),
      audience: reader.optionalAddress("audience") ?? issuer,
      mode: reader.choice("mode", .live, among: ClientMetadata.Mode.allCases),
      tokenLifetime: reader.integer("token_lifetime", in: 1...86_400, default: 3_600))
    let owner = reader.optionalIdentifier("owner", .client)
    reader.complete("acknowledgements", Acknowledgements.names)
    Self.checkReserved(metadata, issuer: issuer, &reader)
    try reader.finish()
    self.init(
      id: id, charge: charge, project: project, owner: owner, metadata: metadata, secret: secret)
  }

  private static func checkReserved(
    _ metadata: ClientMetadata, issuer: String, _ reader: inout FieldReader
  ) {
    let reserved = metadata.scope.reserved
    for value in reserved where Permission(rawValue: value) == nil {
      reader.report("scope", "\(value) has a colon and is no permission of this ledger")
    }
    if !reserved.isEmpty, metadata.audience != issuer {
      reader.report("audience", "must be the issuer for a client that holds permissions")
    }
  }

  func decide(for command: Command, in view: some LedgerView, at now: Timestamp) throws
    -> [NewEvent]
  {
    try command.requirePermissions(of: metadata.scope)
    guard let project = try view.project(project) else { throw Rejection.notFound("project") }
    guard let account = try view.account(project.account) else {
      throw Rejection.notFound("account")
    }
    guard let planID = account.plan, let plan = try view.plan(planID) else {
      throw Rejection.conflict("the account \(account.id.text) has no active plan")
    }
    guard try view.client(named: metadata.clientName) == nil else {
      throw Rejection.taken(field: "client_name", "another client has this name")
    }
    guard let price = plan.price(of: .applicationFee, in: account.currency) else {
      throw Rejection.conflict(
        "the plan \(plan.name) has no application fee in \(account.currency.code)")
    }
    let added = ClientAdded(
      account: account.id, acknowledgements: Acknowledgements(by: command.actor),
      clientID: id.text, metadata: metadata, owner: try owner(for: command, in: view),
      project: project.id, secret: secret)
    let charged = BillingCharged(
      account: account.id, plan: plan, item: .applicationFee, price: price, quantity: 1,
      unit: "client", paysFor: id, period: now.month)
    return [NewEvent(id, .clientAdded(added)), NewEvent(charge, .billingCharged(charged))]
  }

  private func owner(for command: Command, in view: some LedgerView) throws -> Identifier {
    if let owner {
      guard try view.client(owner) != nil else {
        throw Rejection.invalidFields([FieldProblem("owner", "no client has this id")])
      }
      return owner
    }
    guard case .client(let caller, _) = command.actor else { return id }
    return caller
  }
}
