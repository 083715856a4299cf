/// Something that somebody asks the ledger to do. It carries the identifiers it needs and no time.
package struct Command: Sendable {
  package let actor: Actor
  /// What the caller's own access token permits.
  package let permissions: Set<Permission>
  /// What the caller authenticated itself with; checked again when the command is decided.
  package let credential: Credential?
  package let request: RequestDigest?
  package let action: Action

  package init(
    actor: Actor, permissions: Set<Permission> = [], credential: Credential? = nil,
    request: RequestDigest? = nil, action: Action
  ) {
    self.actor = actor
    self.permissions = permissions
    self.credential = credential
    self.request = request
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
    case .secret(let id): try view.secret(id)?.isActive(at: now) ?? false
    case nil: true
    }
  }

  /// A caller gives to others only what it holds itself.
  func requirePermissions(of scope: Scope) throws(Rejection) {
    let missing = scope.permissions.subtracting(permissions)
    if let first = missing.min(by: { $0.rawValue < $1.rawValue }) {
      throw .missingPermission(first)
    }
  }

  package enum Action: Sendable {
    case createLedger(CreateLedger)
    case activateKey(ActivateKey)
    case definePlan(DefinePlan)
    case openAccount(OpenAccount)
    case createProject(CreateProject)
    case addClient(AddClient)
    case rotateSecret(RotateSecret)
    case revokeSecret(RevokeSecret)
    case issueToken(IssueToken)
    case revokeToken(RevokeToken)
  }
}

/// An event before it has a position and a time.
package struct NewEvent: Sendable {
  package let subject: Identifier
  package let body: EventBody
  package let cause: Position?

  init(_ subject: Identifier, _ body: EventBody, cause: Position? = nil) {
    self.subject = subject
    self.body = body
    self.cause = cause
  }
}
