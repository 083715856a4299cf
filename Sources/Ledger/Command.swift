/// Something that somebody asks the ledger to do. It carries the identifiers it needs and no time.
package struct Command: Sendable {
  package let actor: Actor
  /// What the caller's access token carries of what its roles give it.
  package let permissions: Set<Permission>
  /// What the caller authenticated itself with; checked again when the command is decided.
  package let credential: Credential?
  package let request: RequestDigest?
  /// Why, in the caller's words; stands in the envelope of every event that comes of it.
  package let reason: String?
  package let precondition: Precondition?
  package let action: Action

  package init(
    actor: Actor, permissions: Set<Permission> = [], credential: Credential? = nil,
    request: RequestDigest? = nil, reason: String? = nil, precondition: Precondition? = nil,
    action: Action
  ) {
    self.actor = actor
    self.permissions = permissions
    self.credential = credential
    self.request = request
    self.reason = reason
    self.precondition = precondition
    self.action = action
  }

  package enum Credential: Sendable {
    /// An access token, and where its event stands.
    case token(Identifier, Position)
    case secret(Identifier)
  }

  /// Whether the credential is still good; a revocation may have overtaken the command.
  func isAuthentic(in view: some LedgerView, at now: Timestamp) throws -> Bool {
    switch credential {
    case .token(let id, let position):
      try view.issuedToken(id, at: position)?.isActive(in: view, at: now) ?? false
    case .secret(let id): try isUsable(id, in: view, at: now)
    case nil: true
    }
  }

  private func isUsable(
    _ id: Identifier, in view: some LedgerView, at now: Timestamp
  ) throws -> Bool {
    guard let secret = try view.secret(id), secret.isActive(at: now) else { return false }
    return try view.client(secret.client)?.mayAuthenticate(in: view) ?? false
  }

  package enum Action: Sendable {
    case createLedger(CreateLedger)
    case continueLedger(ContinueLedger)
    case activateKey(ActivateKey)
    case recoverOwner(RecoverOwner)
    case definePlan(DefinePlan)
    case revisePlan(RevisePlan)
    case openAccount(OpenAccount)
    case editAccount(EditAccount)
    case suspendAccount(SuspendAccount)
    case resumeAccount(ResumeAccount)
    case closeAccount(CloseAccount)
    case createProject(CreateProject)
    case editProject(EditProject)
    case deleteProject(DeleteProject)
    case defineScope(DefineScope)
    case editScope(EditScope)
    case removeScope(RemoveScope)
    case addClient(AddClient)
    case editClient(EditClient)
    case disableClient(DisableClient)
    case enableClient(EnableClient)
    case revokeClient(RevokeClient)
    case deleteClient(DeleteClient)
    case rotateSecret(RotateSecret)
    case revokeSecret(RevokeSecret)
    case addDomain(AddDomain)
    case changeDomain(ChangeDomain)
    case removeDomain(RemoveDomain)
    case defineRole(DefineRole)
    case reviseRole(ReviseRole)
    case removeRole(RemoveRole)
    case grantRole(GrantRole)
    case withdrawRole(WithdrawRole)
    case issueToken(IssueToken)
    case revokeToken(RevokeToken)
    case revokeListed(RevokeListed)
    case recordDenials(RecordDenials)
    case recordReads(RecordReads)
    case raiseAlert(RaiseAlert)
    case revisePolicy(RevisePolicy)
  }
}

/// An event before it has a position and a time.
package struct NewEvent: Sendable {
  package let subject: Identifier
  package let body: EventBody
  package let cause: Position?
  /// An earlier event of the same command that led to it: its index.
  package let part: Int?
  /// Who caused it and why, where that is not the command's own.
  package let actor: Actor?
  package let reason: String?

  init(
    _ subject: Identifier, _ body: EventBody, cause: Position? = nil, causedByPart part: Int? = nil,
    actor: Actor? = nil, reason: String? = nil
  ) {
    self.subject = subject
    self.body = body
    self.cause = cause
    self.part = part
    self.actor = actor
    self.reason = reason
  }

  func caused(byPart part: Int) -> NewEvent {
    NewEvent(subject, body, causedByPart: part, actor: actor, reason: reason)
  }
}
