import LMDB
package import Ledger

/// Reads for lists and for people. Only inside `read`.
extension StateSnapshot {
  /// The client with an id on the wire.
  package func client(wireID: String) throws -> Identifier? {
    guard let bytes = try value(tables.wireIDs, Array(wireID.utf8)) else { return nil }
    return Identifier(.client, bytes: bytes)
  }

  /// The first client there was; nil before there was one.
  package func oldestClient() throws -> Identifier? {
    var oldest: Identifier?
    try scan(tables.clients, prefix: []) { key, _ in
      oldest = Identifier(.client, bytes: key)
      return false
    }
    return oldest
  }

  /// A key that signs or has signed.
  package func key(_ id: Identifier) throws -> SigningKey? {
    try record(tables.keys, id, cache.keys)
  }

  package func accounts() throws -> [Account] { try current(tables.accounts) }

  package func plans() throws -> [Plan] { try current(tables.plans) }

  package func projects() throws -> [Project] { try current(tables.projects) }

  package func clients() throws -> [Client] { try current(tables.clients) }

  package func clients(of project: Identifier) throws -> [Client] {
    var ids: [Identifier] = []
    try scan(tables.clientsByProject, prefix: project.bytes) { key, _ in
      if let id = Identifier(.client, bytes: key, at: 16) { ids.append(id) }
      return true
    }
    return try ids.compactMap { try client($0) }
  }

  /// Every key that ever signed, in the order of activation.
  package func signingKeys() throws -> [SigningKey] { try current(tables.keys) }

  /// Positions of charges in ascending order; of one account, and of one period of it, if given.
  package func charges(of account: Identifier?, period: String?) throws -> [Position] {
    guard let account else {
      return try positions(tables.charges, prefix: [])
    }
    let prefix = account.bytes + Array((period ?? "").utf8)
    return try positions(tables.chargesByAccount, prefix: prefix).sorted()
  }

  /// Positions of a thing's own events in ascending order, from `position` on, at most `limit`;
  /// issuing a token is not among them.
  package func history(
    of subject: Identifier, from position: Position, limit: Int
  ) throws -> [Position] {
    var result: [Position] = []
    let prefix = subject.bytes
    try scan(tables.history, prefix: prefix) { key, _ in
      if let found = key.integer(at: 16), found >= position { result.append(found) }
      return result.count < limit
    }
    return result
  }

  /// How often a secret was used to get a token, and when last; nil when never.
  package func use(of secret: Identifier) throws -> (count: UInt64, last: Timestamp)? {
    try SecretUse(value(tables.secretUses, secret.bytes)).map { ($0.count, $0.last) }
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
  private func current<Record: CanonicalObject>(_ table: Table) throws -> [Record] {
    var versions: [(id: [UInt8], bytes: [UInt8])] = []
    try scan(table, prefix: []) { key, value in
      let id = Array(key.prefix(16))
      if versions.last?.id == id { versions.removeLast() }
      versions.append((id, value))
      return true
    }
    return try versions.map { try Record(canonicalBytes: $0.bytes) }
  }
}
