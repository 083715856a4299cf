import Cryptography
import Journal
import LMDB
package import Ledger
import MerkleLog

/// Changes to the state that become visible together. Belongs to the thread that began it.
package final class StateBatch: StateReader, LedgerState {
  let tables: Tables
  let events: any JournalReader
  private let writer: StateWriter
  private var transaction: WriteTransaction?
  private var hasWritten = false
  private var changesClients = false
  private var tokens: [TokenNote] = []

  init(_ writer: StateWriter, _ transaction: consuming WriteTransaction) {
    self.writer = writer
    tables = writer.store.tables
    events = writer.events
    self.transaction = consume transaction
  }

  /// The writer's own cache outlives its batches.
  var cache: RecordCache { writer.cache }
  let isOnlyWriter = true
  let horizon = Position.max

  deinit {
    // What an abandoned batch stored was never durable, so its versions must not be remembered.
    if hasWritten, transaction != nil { writer.cache = RecordCache() }
  }

  /// Makes the changes visible and notes how far the state has come.
  ///
  /// - Parameters:
  ///   - applied: the number of events that the state is now made of.
  ///   - last: the stored bytes of the last of them.
  package func commit(applied: Position, last: [UInt8]) throws {
    let tokens = writer.postponed + tokens
    writer.postponed = []
    do {
      try write(tokens)
      try finish(applied: applied, last: last)
    } catch {
      transaction = nil
      writer.cache = RecordCache()
      throw error
    }
  }

  /// Leaves what the batch changes to a later commit, if that is nothing but tokens, and ends it.
  ///
  /// - Returns: false when it must be committed now.
  package func postpone() -> Bool {
    guard !hasWritten, writer.postponed.count + tokens.count <= StateWriter.maximumPostponed
    else { return false }
    writer.postponed += tokens
    transaction = nil
    return true
  }

  /// In the order of keys, so that neighbours share pages.
  private func write(_ tokens: [TokenNote]) throws {
    for token in tokens.byClient {
      try put(tables.tokensByClient, token.client.version(token.position))
    }
    for (secret, use) in tokens.uses {
      let stored = SecretUse(try value(tables.secretUses, secret.bytes))
      try put(tables.secretUses, secret.bytes, (stored?.adding(use) ?? use).bytes)
    }
  }

  private func finish(applied: Position, last: [UInt8]) throws {
    let marker = Marker(
      writer.store.identity, isClean: false, applied: applied,
      lastHash: recordHash(last).bytes)
    try put(tables.marker, Marker.key, marker.bytes)
    try transaction.take()!.commit()
    if changesClients { writer.store.noteClientChange() }
  }

  /// Applies a stored event, or says why it could not be read.
  ///
  /// - Throws: `JournalError` when it was not read or another position is written in it,
  ///   `ImpossibleEvent` when it does not fit the state; the batch must be dropped then.
  func apply(_ stored: Result<StoredEvent, any Error>, at position: Position) throws {
    let event: StoredEvent
    do {
      event = try stored.get()
    } catch {
      throw JournalError(.damaged, "the event at position \(position) cannot be read: \(error)")
    }
    guard event.position == position else {
      throw JournalError(
        .damaged, "the event at position \(position) says that it is at \(event.position)")
    }
    var state = self
    switch event {
    case .token(let token): try evolve(token, &state)
    case .other(let event): try evolve(event, &state)
    }
  }

  func value(_ table: Table, _ key: [UInt8]) throws -> [UInt8]? {
    try transaction!.copiedValue(table, key)
  }

  func scan(
    _ table: Table, prefix: [UInt8], _ body: ([UInt8], [UInt8]) throws -> Bool
  ) throws {
    try transaction!.scan(table, prefix: prefix, from: prefix, body)
  }

  func version(
    _ table: Table, _ id: Identifier, upTo position: Position, isKnown: (Position) -> Bool
  ) throws -> (position: Position, bytes: [UInt8]?)? {
    try transaction!.version(table, id, upTo: position, isKnown: isKnown)
  }

  private func put(_ table: Table, _ key: [UInt8], _ value: [UInt8] = []) throws {
    hasWritten = true
    try transaction!.put(table, key.span, value.span)
  }

  private func remove(_ table: Table, _ key: [UInt8]) throws {
    hasWritten = true
    try transaction!.delete(table, key.span)
  }

  private func put<Record: CanonicalObject>(
    _ table: Table, _ id: Identifier, _ record: Record, _ cache: VersionCache<Record>,
    _ position: Position
  ) throws {
    let bytes = record.canonicalBytes()
    try index(bytes, id, in: table, at: position)
    try put(table, id.version(position), bytes)
    cache.insert(record, id, at: position)
  }

  /// Before the record is stored: the version before it is read.
  private func index(
    _ record: [UInt8]?, _ id: Identifier, in table: Table, at position: Position
  ) throws {
    guard table == tables.versions(of: id.kind), let listing = Listing.of(id.kind) else { return }
    let previous = try version(table, id, upTo: .max) { _ in false }?.bytes
    let old = IndexKey.rows(of: previous, id, listing)
    let new = IndexKey.rows(of: record, id, listing)
    for row in old where !new.contains(row) { try end(row, at: position) }
    for row in new where !old.contains(row) { try put(tables.indexes, row.appending(position)) }
    let text = listing.searchText(of: record)
    if previous == nil || text != listing.searchText(of: previous) {
      try put(tables.searches, [listing.code] + id.version(position), text)
    }
  }

  /// The row of an index that stands now stands no more.
  private func end(_ row: [UInt8], at position: Position) throws {
    var last: [UInt8]?
    try transaction!.floor(tables.indexes, row.appending(.max).span) { key, _ in
      if key.count == row.count + 8, begins(key, with: row, count: row.count) { last = copy(key) }
    }
    if let last { try put(tables.indexes, last, [UInt8](position)) }
  }

  package func store(_ ledger: LedgerIdentity, at position: Position) throws {
    try put(tables.ledger, ledger.id, ledger, cache.ledgers, position)
    try put(tables.singletons, Singleton.ledger, ledger.id.bytes)
  }

  package func store(_ key: SigningKey, at position: Position) throws {
    try put(tables.keys, key.id, key, cache.keys, position)
    try put(tables.singletons, Singleton.signingKey, key.id.bytes)
    cache.signingKey.record = key
  }

  package func store(_ plan: Plan, at position: Position) throws {
    if let old = try self.plan(plan.id) { try remove(tables.planNames, Array(old.name.utf8)) }
    try put(tables.plans, plan.id, plan, cache.plans, position)
    try put(tables.planNames, Array(plan.name.utf8), plan.id.bytes)
  }

  package func store(_ account: Account, at position: Position) throws {
    changesClients = true
    if let plan = try self.account(account.id)?.plan {
      try remove(tables.accountsByPlan, plan.bytes + account.id.bytes)
    }
    try put(tables.accounts, account.id, account, cache.accounts, position)
    if let plan = account.plan, account.status != .closed {
      try put(tables.accountsByPlan, plan.bytes + account.id.bytes)
    }
  }

  package func store(_ project: Project, at position: Position) throws {
    changesClients = true
    try put(tables.projects, project.id, project, cache.projects, position)
    let key = project.account.bytes + project.id.bytes
    if project.deleted == nil {
      try put(tables.projectsByAccount, key)
    } else {
      try remove(tables.projectsByAccount, key)
    }
  }

  package func store(_ client: Client, at position: Position) throws {
    changesClients = true
    if let old = try self.client(client.id) {
      try remove(tables.clientNames, Array(old.metadata.clientName.utf8))
    } else {
      try put(tables.wireIDs, Array(client.clientID.utf8), client.id.bytes)
    }
    let place = client.project.bytes + client.id.bytes
    if client.isDeleted {
      try remove(tables.wireIDs, Array(client.clientID.utf8))
      try remove(tables.clientsByProject, place)
    } else {
      try put(tables.clientNames, Array(client.metadata.clientName.utf8), client.id.bytes)
      try put(tables.clientsByProject, place, Array(client.metadata.scope.text.utf8))
    }
    try put(tables.clients, client.id, client, cache.clients, position)
  }

  package func store(_ role: Role, at position: Position) throws {
    changesClients = true
    if let old = try self.role(role.id) {
      try transaction!.delete(tables.roleNames, Array(old.name.utf8).span)
    }
    try put(tables.roles, role.id, role, cache.roles, position)
    if role.removed == nil { try put(tables.roleNames, Array(role.name.utf8), role.id.bytes) }
  }

  package func store(_ holdings: Holdings, at position: Position) throws {
    changesClients = true
    let client = holdings.client
    let old = try self.holdings(of: client)?.roles ?? []
    for role in old.subtracting(holdings.roles) {
      try remove(tables.holders, Self.holderKey(role) + client.bytes)
    }
    for role in holdings.roles.subtracting(old) {
      try put(tables.holders, Self.holderKey(role) + client.bytes)
    }
    try put(tables.grants, client, holdings, cache.holdings, position)
  }

  package func store(_ secret: Secret, at position: Position) throws {
    try put(tables.secrets, secret.id, secret, cache.secrets, position)
    try put(tables.secretsByClient, secret.client.bytes + secret.id.bytes)
    let verifier = secret.verifier
    try put(
      tables.verifiers, Self.verifierKey(secret.client, verifier.pepper, verifier.verifier),
      secret.id.bytes)
  }

  package func store(_ charge: Charge, at position: Position) throws {
    try put(tables.charges, charge.id, charge, cache.charges, position)
  }

  package func store(_ active: [ActiveSecret], of client: Identifier) throws {
    changesClients = true
    try put(tables.activeSecrets, client.bytes, active.stored)
  }

  package func store(_ outcome: RequestOutcome, for request: RequestDigest) throws {
    let value = [UInt8](outcome.position) + Array(outcome.body.utf8)
    try put(tables.requests, Array(request.key.utf8), value)
  }

  package func voidTokens(of thing: Identifier, before position: Position) throws {
    try put(tables.notValidBefore, thing.bytes, [UInt8](position))
    try put(tables.singletons, Singleton.lastVoiding, [UInt8](position))
  }

  /// Remembers the revocation until the token expires, and forgets those of expired tokens.
  package func revoke(tokenAt position: Position, expires: Int64, now: Timestamp) throws {
    var forgotten: [[UInt8]] = []
    try scan(tables.revokedTokens, prefix: []) { key, _ in
      guard let expiry = key.integer(at: 0), hasExpired(Int64(clamping: expiry), at: now) else {
        return false
      }
      forgotten.append(key)
      return true
    }
    for key in forgotten { try remove(tables.revokedTokens, key) }
    try put(tables.revokedTokens, [UInt8](UInt64(expires)).appending(position))
  }

  /// Written when the batch commits, or later.
  package func note(_ token: PlainToken) { tokens.append(TokenNote(token)) }

  package func note(type: String, at position: Position) throws {
    try put(tables.eventsByType, eventKey(type, position))
  }

  package func note(_ network: String, of client: Identifier, at position: Position) throws {
    let key = client.bytes + Array(network.utf8)
    if try value(tables.networks, key) == nil { try put(tables.networks, key, [UInt8](position)) }
  }

  package func noteAlert(of thing: Identifier, at time: Timestamp) throws {
    try put(tables.lastAlerts, thing.bytes, [UInt8](UInt64(time.microseconds)))
  }

  package func noteHistory(of subject: Identifier, at position: Position) throws {
    try put(tables.history, subject.bytes.appending(position))
  }
}
