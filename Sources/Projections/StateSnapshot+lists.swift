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

  package func charge(_ id: Identifier) throws -> Charge? {
    try record(tables.charges, id, cache.charges)
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
