/// What stands after an event, and the log's own events: all that `evolve` reads, and all that says
/// whether a token is good.
package protocol LedgerRecords {
  func ledger() throws -> LedgerIdentity?
  /// The key that signs now: the last one activated.
  func signingKey() throws -> SigningKey?
  func plan(_ id: Identifier) throws -> Plan?
  /// Nil for a closed account.
  func account(_ id: Identifier) throws -> Account?
  /// Nil for a deleted project.
  func project(_ id: Identifier) throws -> Project?
  func client(_ id: Identifier) throws -> Client?
  func secret(_ id: Identifier) throws -> Secret?
  /// Those that may still be accepted, in the order they were made.
  func activeSecrets(of client: Identifier) throws -> [ActiveSecret]
  /// A role that was defined and not removed.
  func role(_ id: Identifier) throws -> Role?
  /// Nil for a client that never held a role.
  func holdings(of client: Identifier) throws -> Holdings?
  /// Tokens issued at a position below this one are void for the thing.
  func notValidBefore(_ thing: Identifier) throws -> Position?
  /// The highest such position of all things: newer tokens are void for none.
  func lastVoiding() throws -> Position?
  func isRevoked(tokenAt position: Position, expires: Int64) throws -> Bool
  func event(at position: Position) throws -> Event?
}

/// What the rules may look at beside records before they decide: the state after the last accepted
/// event.
package protocol LedgerView: LedgerRecords {
  func plan(named name: String) throws -> Identifier?
  /// Those that have activated a plan and are not closed, until `body` gives false.
  func forEachAccount(on plan: Identifier, _ body: (Account) -> Bool) throws
  /// Those of an account that are not deleted, until `body` gives false.
  func forEachProject(of account: Identifier, _ body: (Identifier) -> Bool) throws
  /// The client that has a name, or an id on the wire; nil for those of deleted clients.
  func client(named name: String) throws -> Identifier?
  func client(wireID: String) throws -> Identifier?
  /// Those of a project that are not deleted, with their scope, until `body` gives false.
  func forEachClient(of project: Identifier, _ body: (Identifier, Scope) -> Bool) throws
  /// In the order they were made, ended ones too.
  func secrets(of client: Identifier) throws -> [Secret]
  /// The secret of a client that has a verifier under a pepper, be it ended.
  func secret(of client: Identifier, pepper: String, verifier: String) throws -> Identifier?
  func role(named name: String) throws -> Identifier?
  /// The clients that hold a role somewhere, in the order of their identifiers.
  func holders(of role: RoleReference) throws -> [Identifier]
  /// The clients that hold any role, each as often as it holds different ones.
  func holders() throws -> [Identifier]
  /// The position of the event that last changed a thing of which every version is kept.
  func version(of thing: Identifier) throws -> Position?
  /// The first event of the command that a request led to.
  func outcome(of request: RequestDigest) throws -> RequestOutcome?
  /// Whether a token was asked for from a network, a block of addresses, for a client.
  func isKnown(_ network: String, for client: Identifier) throws -> Bool
  /// Whether it is known of any network that a token was asked for from it.
  func hasKnownNetworks(_ client: Identifier) throws -> Bool
  /// When an alert told last of a thing that its rule does not tell of again and again.
  func lastAlert(of thing: Identifier) throws -> Timestamp?
}

extension LedgerRecords {
  /// The token whose event stands at a position; nil when another event stands there.
  package func issuedToken(_ id: Identifier, at position: Position) throws -> IssuedToken? {
    guard let event = try event(at: position), event.subject == id else { return nil }
    return IssuedToken(event)
  }
}

/// State that events change. Only `evolve` calls these.
package protocol LedgerState: LedgerRecords {
  mutating func store(_ ledger: LedgerIdentity, at position: Position) throws
  mutating func store(_ key: SigningKey, at position: Position) throws
  mutating func store(_ plan: Plan, at position: Position) throws
  mutating func store(_ account: Account, at position: Position) throws
  mutating func store(_ project: Project, at position: Position) throws
  mutating func store(_ client: Client, at position: Position) throws
  mutating func store(_ secret: Secret, at position: Position) throws
  mutating func store(_ charge: Charge, at position: Position) throws
  /// Replaces the secrets that may be accepted.
  mutating func store(_ active: [ActiveSecret], of client: Identifier) throws
  mutating func store(_ role: Role, at position: Position) throws
  mutating func store(_ holdings: Holdings, at position: Position) throws
  mutating func store(_ outcome: RequestOutcome, for request: RequestDigest) throws
  mutating func voidTokens(of thing: Identifier, before position: Position) throws
  mutating func revoke(tokenAt position: Position, expires: Int64, now: Timestamp) throws
  mutating func note(_ token: PlainToken) throws
  mutating func note(type: String, at position: Position) throws
  mutating func note(_ network: String, of client: Identifier, at position: Position) throws
  mutating func noteAlert(of thing: Identifier, at time: Timestamp) throws
  mutating func noteHistory(of subject: Identifier, at position: Position) throws
}

/// Where the outcome of a request begins, and the digest of the body it came with.
package struct RequestOutcome: Sendable, Hashable {
  package let position: Position
  package let body: String

  package init(position: Position, body: String) {
    self.position = position
    self.body = body
  }
}
