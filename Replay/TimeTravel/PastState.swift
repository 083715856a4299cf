import Journal
package import Ledger
import Narrative

/// The ledger after some of its events, in memory, as `evolve` makes it of them: every record, and
/// what voids tokens. Two moments of one ledger share what did not change between them.
///
/// Tokens are counted and not kept, so it takes as much memory as there are accounts, clients, secrets
/// and the like. What only new decisions look up (names, requests, networks) is not kept either.
package struct PastState {
  private(set) var ledgers = Versions<LedgerIdentity>()
  private(set) var keys = Versions<SigningKey>()
  private(set) var plans = Versions<Plan>()
  private(set) var accounts = Versions<Account>()
  private(set) var projects = Versions<Project>()
  private(set) var clients = Versions<Client>()
  private(set) var secrets = Versions<Secret>()
  private(set) var roles = Versions<Role>()
  private(set) var charges = Versions<Charge>()
  /// By client.
  private(set) var grants = Versions<Holdings>()
  /// By client.
  private(set) var acknowledgements: [Identifier: Acknowledgements] = [:]
  /// Thing → tokens issued at a lower position are void.
  private(set) var voidings: [Identifier: Position] = [:]
  private(set) var revokedTokens: Set<RevokedToken> = []
  /// Of each type but `token.issued`.
  private(set) var eventCounts: [String: UInt64] = [:]
  private(set) var tokenCount: UInt64 = 0
  /// The things that the last event concerned: its subject, those whose history it belongs to, and
  /// those whose records it changed.
  private(set) var concerned: Set<Identifier> = []
  private var activeSecrets: [Identifier: [ActiveSecret]] = [:]
  private var signer: Identifier?
  private var lastVoidingPosition: Position?
  private let events: any JournalReader

  /// - Parameter events: of the same log.
  init(_ events: any JournalReader) { self.events = events }

  /// - Throws: `ImpossibleEvent` when the event does not fit.
  mutating func apply(_ event: Event) throws {
    concerned = []
    try evolve(event, &self)
    if case .clientAdded(let data) = event.body {
      acknowledgements[event.subject] = data.acknowledgements
    }
  }

  /// Tokens that were issued change nothing but this.
  mutating func countTokens(_ count: UInt64) { tokenCount += count }
}

/// The revocation of one token, which is named by the position of its event.
struct RevokedToken: Hashable {
  let position: Position
  let expires: Int64
}

/// A record as the last event that changed it left it.
final class Version<Record: Sendable>: Sendable {
  let record: Record
  /// The event that made the thing.
  let made: Position
  /// The event that left it so.
  let changed: Position

  init(_ record: Record, made: Position, changed: Position) {
    self.record = record
    self.made = made
    self.changed = changed
  }
}

typealias Versions<Record: Sendable> = [Identifier: Version<Record>]

extension Dictionary where Key == Identifier {
  fileprivate mutating func keep<Record>(
    _ record: Record, _ id: Identifier, at position: Position, _ concerned: inout Set<Identifier>
  ) where Value == Version<Record> {
    self[id] = Version(record, made: self[id]?.made ?? position, changed: position)
    concerned.insert(id)
  }
}

extension PastState: Memory {
  package func ledger() -> LedgerIdentity? { ledgers.values.first?.record }
  package func signingKey() -> SigningKey? { signer.flatMap { keys[$0]?.record } }
  package func plan(_ id: Identifier) -> Plan? { plans[id]?.record }
  package func recordedAccount(_ id: Identifier) -> Account? { accounts[id]?.record }
  package func recordedProject(_ id: Identifier) -> Project? { projects[id]?.record }
  package func roleEverDefined(_ id: Identifier) -> Role? { roles[id]?.record }
  package func client(_ id: Identifier) -> Client? { clients[id]?.record }
  package func secret(_ id: Identifier) -> Secret? { secrets[id]?.record }
  package func holdings(of client: Identifier) -> Holdings? { grants[client]?.record }
  package func notValidBefore(_ thing: Identifier) -> Position? { voidings[thing] }
  package func lastVoiding() -> Position? { lastVoidingPosition }

  package func account(_ id: Identifier) -> Account? {
    recordedAccount(id).flatMap { $0.status == .closed ? nil : $0 }
  }

  package func project(_ id: Identifier) -> Project? {
    recordedProject(id).flatMap { $0.deleted == nil ? $0 : nil }
  }

  package func role(_ id: Identifier) -> Role? {
    roleEverDefined(id).flatMap { $0.removed == nil ? $0 : nil }
  }

  package func activeSecrets(of client: Identifier) -> [ActiveSecret] {
    activeSecrets[client] ?? []
  }

  package func isRevoked(tokenAt position: Position, expires: Int64) -> Bool {
    revokedTokens.contains(RevokedToken(position: position, expires: expires))
  }

  package func event(at position: Position) throws -> Event? {
    try events.event(at: position).map { try Event(canonicalBytes: $0) }
  }
}

extension PastState: LedgerState {
  package mutating func store(_ ledger: LedgerIdentity, at position: Position) {
    ledgers.keep(ledger, ledger.id, at: position, &concerned)
  }

  package mutating func store(_ key: SigningKey, at position: Position) {
    keys.keep(key, key.id, at: position, &concerned)
    signer = key.id
  }

  package mutating func store(_ plan: Plan, at position: Position) {
    plans.keep(plan, plan.id, at: position, &concerned)
  }

  package mutating func store(_ account: Account, at position: Position) {
    accounts.keep(account, account.id, at: position, &concerned)
  }

  package mutating func store(_ project: Project, at position: Position) {
    projects.keep(project, project.id, at: position, &concerned)
  }

  package mutating func store(_ client: Client, at position: Position) {
    clients.keep(client, client.id, at: position, &concerned)
  }

  package mutating func store(_ secret: Secret, at position: Position) {
    secrets.keep(secret, secret.id, at: position, &concerned)
  }

  package mutating func store(_ charge: Charge, at position: Position) {
    charges.keep(charge, charge.id, at: position, &concerned)
  }

  package mutating func store(_ role: Role, at position: Position) {
    roles.keep(role, role.id, at: position, &concerned)
  }

  /// Concerns the grants that were given or taken, and their roles.
  package mutating func store(_ holdings: Holdings, at position: Position) {
    let old = self.holdings(of: holdings.client)?.grants ?? []
    for grant in Set(old).symmetricDifference(holdings.grants) {
      concerned.insert(grant.id)
      if case .defined(let role) = grant.role { concerned.insert(role) }
    }
    grants.keep(holdings, holdings.client, at: position, &concerned)
  }

  package mutating func store(_ active: [ActiveSecret], of client: Identifier) {
    activeSecrets[client] = active
  }

  package mutating func voidTokens(of thing: Identifier, before position: Position) {
    voidings[thing] = position
    lastVoidingPosition = position
  }

  /// Nothing is forgotten: a token that expired is not good either way.
  package mutating func revoke(tokenAt position: Position, expires: Int64, now: Timestamp) {
    revokedTokens.insert(RevokedToken(position: position, expires: expires))
  }

  package mutating func note(_ token: PlainToken) { countTokens(1) }

  package mutating func note(type: String, at position: Position) {
    eventCounts[type, default: 0] += 1
  }

  package mutating func noteHistory(of subject: Identifier, at position: Position) {
    concerned.insert(subject)
  }

  // What only new decisions look up.

  package mutating func store(_ outcome: RequestOutcome, for request: RequestDigest) {}
  package mutating func note(_ network: String, of client: Identifier, at position: Position) {}
  package mutating func noteAlert(of thing: Identifier, at time: Timestamp) {}
}
