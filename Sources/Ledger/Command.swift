/// Something that somebody asks the ledger to do. It carries the identifiers it needs and no time.
package struct Command: Sendable {
  package let actor: Actor
  /// What the caller's own access token permits.
  package let permissions: Set<Permission>
  package let request: RequestDigest?
  package let action: Action

  package init(
    actor: Actor, permissions: Set<Permission> = [], request: RequestDigest? = nil,
    action: Action
  ) {
    self.actor = actor
    self.permissions = permissions
    self.request = request
    self.action = action
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
