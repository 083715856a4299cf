import Journal
import LMDB
import Ledger

/// The state as one transaction sees it. The rules' view of it is the same for a snapshot and for
/// the batch being written.
protocol StateReader: AnyObject, LedgerView {
  var tables: Tables { get }
  var cache: RecordCache { get }
  /// Nobody else changes what this reads, so a cached record is the current one.
  var isOnlyWriter: Bool { get }
  var events: any JournalReader { get }
  /// Records are read as they stood after this position; the last one unless something else was
  /// asked for.
  var horizon: Position { get }

  func value(_ table: Table, _ key: [UInt8]) throws -> [UInt8]?
  /// Entries whose keys begin with a prefix, in key order, until `body` gives false.
  func scan(
    _ table: Table, prefix: [UInt8], _ body: ([UInt8], [UInt8]) throws -> Bool
  ) throws
  /// Position of the last version of a thing, and its bytes unless `isKnown` says they are not
  /// needed.
  func version(
    _ table: Table, _ id: Identifier, upTo position: Position, isKnown: (Position) -> Bool
  ) throws -> (position: Position, bytes: [UInt8]?)?
}

extension StateReader {
  func record<Record: CanonicalObject>(
    _ table: Table, _ id: Identifier,
    _ cached: VersionCache<Record>
  ) throws -> Record? {
    if isOnlyWriter, let current = cached.record(id) { return current }
    var known: Record?
    let found = try version(table, id, upTo: horizon) { position in
      known = cached.record(id, at: position)
      return known != nil
    }
    guard let found else { return nil }
    guard let bytes = found.bytes else { return known }
    let record = try Record(canonicalBytes: bytes)
    cached.insert(record, id, at: found.position)
    return record
  }

  private func identifier(
    _ table: Table, _ key: [UInt8], _ kind: Identifier.Kind
  ) throws -> Identifier? {
    guard let bytes = try value(table, key) else { return nil }
    return Identifier(kind, bytes: bytes)
  }

  package func ledger() throws -> LedgerIdentity? {
    guard let id = try identifier(tables.singletons, Singleton.ledger, .ledger) else { return nil }
    return try record(tables.ledger, id, cache.ledgers)
  }

  package func signingKey() throws -> SigningKey? {
    if isOnlyWriter, let key = cache.signingKey.record { return key }
    guard let id = try identifier(tables.singletons, Singleton.signingKey, .key) else {
      return nil
    }
    let key = try record(tables.keys, id, cache.keys)
    if isOnlyWriter { cache.signingKey.record = key }
    return key
  }

  package func plan(_ id: Identifier) throws -> Plan? {
    try record(tables.plans, id, cache.plans)
  }

  package func plan(named name: String) throws -> Identifier? {
    try identifier(tables.planNames, Array(name.utf8), .plan)
  }

  package func account(_ id: Identifier) throws -> Account? {
    guard let account = try record(tables.accounts, id, cache.accounts),
      account.status != .closed
    else { return nil }
    return account
  }

  package func forEachAccount(on plan: Identifier, _ body: (Account) -> Bool) throws {
    try scan(tables.accountsByPlan, prefix: plan.bytes) { key, _ in
      guard let id = Identifier(.account, bytes: key, at: 16), let account = try account(id)
      else { return true }
      return body(account)
    }
  }

  package func project(_ id: Identifier) throws -> Project? {
    guard let project = try record(tables.projects, id, cache.projects), project.deleted == nil
    else { return nil }
    return project
  }

  package func forEachProject(of account: Identifier, _ body: (Identifier) -> Bool) throws {
    try scan(tables.projectsByAccount, prefix: account.bytes) { key, _ in
      Identifier(.project, bytes: key, at: 16).map(body) ?? true
    }
  }

  package func client(_ id: Identifier) throws -> Client? {
    try record(tables.clients, id, cache.clients)
  }

  package func client(named name: String) throws -> Identifier? {
    try identifier(tables.clientNames, Array(name.utf8), .client)
  }

  package func client(wireID: String) throws -> Identifier? {
    try identifier(tables.wireIDs, Array(wireID.utf8), .client)
  }

  package func secrets(of client: Identifier) throws -> [Secret] {
    try members(tables.secretsByClient, of: client, .secret).compactMap { try secret($0) }
  }

  package func secret(
    of client: Identifier, pepper: String, verifier: String
  ) throws -> Identifier? {
    try identifier(tables.verifiers, Self.verifierKey(client, pepper, verifier), .secret)
  }

  static func verifierKey(
    _ client: Identifier, _ pepper: String, _ verifier: String
  ) -> [UInt8] { client.bytes + Array((pepper + verifier).utf8) }

  /// The second halves of keys that begin with a thing.
  func members(
    _ table: Table, of thing: Identifier, _ kind: Identifier.Kind
  ) throws -> [Identifier] {
    var ids: [Identifier] = []
    try scan(table, prefix: thing.bytes) { key, _ in
      if let id = Identifier(kind, bytes: key, at: 16) { ids.append(id) }
      return true
    }
    return ids
  }

  package func forEachClient(
    of project: Identifier, _ body: (Identifier, Scope) -> Bool
  ) throws {
    try scan(tables.clientsByProject, prefix: project.bytes) { key, value in
      guard let id = Identifier(.client, bytes: key, at: 16) else { return true }
      return body(id, Scope(String(decoding: value, as: UTF8.self)) ?? Scope.none)
    }
  }

  package func role(_ id: Identifier) throws -> Role? {
    let role = try record(tables.roles, id, cache.roles)
    return role?.removed == nil ? role : nil
  }

  package func role(named name: String) throws -> Identifier? {
    try identifier(tables.roleNames, Array(name.utf8), .role)
  }

  package func holdings(of client: Identifier) throws -> Holdings? {
    try record(tables.grants, client, cache.holdings)
  }

  package func holders(of role: RoleReference) throws -> [Identifier] {
    let prefix = Self.holderKey(role)
    var clients: [Identifier] = []
    try scan(tables.holders, prefix: prefix) { key, _ in
      if let client = Identifier(.client, bytes: key, at: prefix.count) { clients.append(client) }
      return true
    }
    return clients
  }

  package func holders() throws -> [Identifier] {
    var clients: [Identifier] = []
    try scan(tables.holders, prefix: []) { key, _ in
      if let client = Identifier(.client, bytes: key, at: key.count - 16) { clients.append(client) }
      return true
    }
    return clients
  }

  /// What the rows of a role's holders begin with.
  static func holderKey(_ role: RoleReference) -> [UInt8] { Array(role.text.utf8) + [0] }

  package func secret(_ id: Identifier) throws -> Secret? {
    try record(tables.secrets, id, cache.secrets)
  }

  package func activeSecrets(of client: Identifier) throws -> [ActiveSecret] {
    [ActiveSecret](stored: try value(tables.activeSecrets, client.bytes) ?? [])
  }

  package func version(of thing: Identifier) throws -> Position? {
    guard let table = tables.versions(of: thing.kind) else { return nil }
    return try version(table, thing, upTo: horizon) { _ in true }?.position
  }

  package func outcome(of request: RequestDigest) throws -> RequestOutcome? {
    guard let value = try value(tables.requests, Array(request.key.utf8)),
      let position = value.integer(at: 0)
    else { return nil }
    return RequestOutcome(
      position: position, body: String(decoding: value[8...], as: UTF8.self))
  }

  package func notValidBefore(_ thing: Identifier) throws -> Position? {
    try value(tables.notValidBefore, thing.bytes)?.integer(at: 0)
  }

  package func lastVoiding() throws -> Position? {
    try value(tables.singletons, Singleton.lastVoiding)?.integer(at: 0)
  }

  package func isRevoked(tokenAt position: Position, expires: Int64) throws -> Bool {
    try value(tables.revokedTokens, [UInt8](UInt64(expires)).appending(position)) != nil
  }

  package func isKnown(_ network: String, for client: Identifier) throws -> Bool {
    try value(tables.networks, client.bytes + Array(network.utf8)) != nil
  }

  package func hasKnownNetworks(_ client: Identifier) throws -> Bool {
    var hasOne = false
    try scan(tables.networks, prefix: client.bytes) { _, _ in
      hasOne = true
      return false
    }
    return hasOne
  }

  package func lastAlert(of thing: Identifier) throws -> Timestamp? {
    let stored = try value(tables.lastAlerts, thing.bytes)?.integer(at: 0)
    return stored.flatMap { Int64(exactly: $0) }.map { Timestamp(microseconds: $0) }
  }

  package func event(at position: Position) throws -> Event? {
    guard let bytes = try events.event(at: position) else { return nil }
    return try Event(canonicalBytes: bytes)
  }
}

/// Keys of the table of singletons.
enum Singleton {
  static let lastVoiding = Array("last_voiding".utf8)
  static let ledger = Array("ledger".utf8)
  static let signingKey = Array("signing_key".utf8)
}

extension Transaction where Self: ~Copyable {
  borrowing func copiedValue(_ table: Table, _ key: [UInt8]) throws -> [UInt8]? {
    guard !key.isEmpty, key.count <= 511 else { return nil }
    var found: [UInt8]?
    try get(table, key.span) { found = copy($0) }
    return found
  }

  /// - Parameter start: begins with the prefix.
  borrowing func scan(
    _ table: Table, prefix: [UInt8], from start: [UInt8],
    _ body: ([UInt8], [UInt8]) throws -> Bool
  ) throws {
    try scan(table, from: start.span) { key, value in
      guard begins(key, with: prefix, count: prefix.count) else { return false }
      return try body(copy(key), copy(value))
    }
  }

  borrowing func version(
    _ table: Table, _ id: Identifier, upTo position: Position, isKnown: (Position) -> Bool
  ) throws -> (position: Position, bytes: [UInt8]?)? {
    let wanted = id.version(position)
    var found: (position: Position, bytes: [UInt8]?)?
    try floor(table, wanted.span) { key, value in
      guard key.count == 24, begins(key, with: wanted, count: 16) else { return }
      let position = copy(key).integer(at: 16)!
      found = (position, isKnown(position) ? nil : copy(value))
    }
    return found
  }
}
