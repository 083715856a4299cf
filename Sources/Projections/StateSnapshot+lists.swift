import LMDB
package import Ledger

/// Reads for lists and for people. Only inside `read`.
extension StateSnapshot {
  /// The first client there was; nil before there was one.
  package func oldestClient() throws -> Identifier? {
    var oldest: Identifier?
    try scan(tables.clients, prefix: []) { key, _ in
      oldest = Identifier(.client, bytes: key)
      return false
    }
    return oldest
  }

  /// An account as it stands or, closed, as it stood at last.
  package func recordedAccount(_ id: Identifier) throws -> Account? {
    try record(tables.accounts, id, cache.accounts)
  }

  /// A project as it stands or, deleted, as it stood at last.
  package func recordedProject(_ id: Identifier) throws -> Project? {
    try record(tables.projects, id, cache.projects)
  }

  /// A key that signs or has signed.
  package func key(_ id: Identifier) throws -> SigningKey? {
    try record(tables.keys, id, cache.keys)
  }

  /// The stored form of every account, in the order of identifiers; so with the others.
  package func accounts() throws -> [[UInt8]] {
    try current(tables.accounts).filter { try Account(canonicalBytes: $0).status != .closed }
  }

  package func plans() throws -> [[UInt8]] { try current(tables.plans) }

  package func projects() throws -> [[UInt8]] {
    try current(tables.projects).filter { try Project(canonicalBytes: $0).deleted == nil }
  }

  package func clients() throws -> [[UInt8]] {
    try current(tables.clients).filter { try !Client(canonicalBytes: $0).isDeleted }
  }

  /// A role, be it removed.
  package func roleEverDefined(_ id: Identifier) throws -> Role? {
    try record(tables.roles, id, cache.roles)
  }

  /// Every role that was defined and not removed, in the order of identifiers.
  package func roles() throws -> [Role] {
    var ids: [Identifier] = []
    try scan(tables.roles, prefix: []) { key, _ in
      if let id = Identifier(.role, bytes: key), ids.last != id { ids.append(id) }
      return true
    }
    return try ids.compactMap { try role($0) }
  }

  package func clients(of project: Identifier) throws -> [Client] {
    try members(tables.clientsByProject, of: project, .client)
      .compactMap { try existingClient($0) }
  }

  /// Every key that ever signed, in the order of activation.
  package func signingKeys() throws -> [SigningKey] {
    try current(tables.keys).map { try SigningKey(canonicalBytes: $0) }
  }

  /// Positions of charges in ascending order; of one account, and of one period of it, if given.
  package func charges(of account: Identifier?, period: String?) throws -> [Position] {
    guard let account else {
      return try positions(tables.charges, prefix: [])
    }
    let prefix = account.bytes + Array((period ?? "").utf8)
    return try positions(tables.chargesByAccount, prefix: prefix).sorted()
  }

  /// Position of the event that made a thing; nil for tokens, and for things that are not there.
  package func firstEvent(of subject: Identifier) throws -> Position? {
    var first: Position?
    try scan(tables.history, prefix: subject.bytes) { key, _ in
      first = key.integer(at: 16)
      return false
    }
    return first
  }

  private func positions(_ table: Table, prefix: [UInt8]) throws -> [Position] {
    var result: [Position] = []
    try scan(table, prefix: prefix) { key, _ in
      if let position = key.integer(at: key.count - 8) { result.append(position) }
      return true
    }
    return result
  }

  /// The last version of every record of a table.
  private func current(_ table: Table) throws -> [[UInt8]] {
    var versions: [(id: ArraySlice<UInt8>, bytes: [UInt8])] = []
    try scan(table, prefix: []) { key, value in
      if versions.last?.id == key.prefix(16) { versions.removeLast() }
      versions.append((key.prefix(16), value))
      return true
    }
    return versions.map(\.bytes)
  }
}
