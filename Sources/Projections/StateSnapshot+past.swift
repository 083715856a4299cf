import LMDB
package import Ledger

/// What stood at the position that a read is as of; for those who go through everything.
extension StateSnapshot {
  /// At most `limit` clients in the order of identifiers, from behind one on; deleted ones too.
  /// There are no more when there are fewer.
  package func clients(after id: Identifier?, limit: Int) throws -> [Client] {
    try records(tables.clients, after: id, limit)
  }

  package func secrets(after id: Identifier?, limit: Int) throws -> [Secret] {
    try records(tables.secrets, after: id, limit)
  }

  private func records<Record: CanonicalObject>(
    _ table: Table, after id: Identifier?, _ limit: Int
  ) throws -> [Record] {
    var found: [[UInt8]] = []
    var last: (id: [UInt8], record: [UInt8])?
    let start = id?.version(.max) ?? []
    try transaction.scan(table, from: start.span) { key, value in
      if let complete = last, !begins(key, with: complete.id, count: 16) {
        found.append(complete.record)
        last = nil
      }
      guard found.count < limit else { return false }
      let bytes = copy(key)
      if bytes.integer(at: 16)! <= horizon, bytes.count == 24 {
        last = (Array(bytes.prefix(16)), copy(value))
      }
      return true
    }
    if let last, found.count < limit { found.append(last.record) }
    return try found.map { try Record(canonicalBytes: $0) }
  }

  /// Positions of the events of a type from a position on, in ascending order; tokens' alone are
  /// not known by their type.
  package func events(ofType type: String, from start: Position) throws -> [Position] {
    var result: [Position] = []
    let first = eventKey(type, start)
    try transaction.scan(tables.eventsByType, from: first.span) { key, _ in
      guard begins(key, with: first, count: first.count - 8),
        let position = copy(key).integer(at: first.count - 8), position <= horizon
      else { return false }
      result.append(position)
      return true
    }
    return result
  }

  /// At most `limit` positions at which tokens were issued to a client, the last one first.
  ///
  /// - Parameter end: the first that counts, counting down.
  package func lastTokens(
    of client: Identifier, upTo end: Position = .max, limit: Int
  ) throws -> [Position] {
    let end = min(end, horizon)
    let behind = try tokensBehind().filter { $0.client == client && $0.position <= end }
    var result = behind.reversed().prefix(limit).map(\.position)
    var next: Position? = end
    while result.count < limit, let position = next,
      let found = try lastToken(of: client, upTo: position)
    {
      result.append(found)
      next = found == 0 ? nil : found - 1
    }
    return result
  }

  /// Where the last token was issued to a client; nil when none was. For those who ask of many.
  package func lastTokenPosition(of client: Identifier) throws -> Position? {
    if let behind = try lastBehind()[client] { return behind }
    return try lastToken(of: client, upTo: horizon)
  }

  private func lastToken(of client: Identifier, upTo position: Position) throws -> Position? {
    let wanted = client.version(position)
    var found: Position?
    try transaction.floor(tables.tokensByClient, wanted.span) { key, _ in
      if begins(key, with: wanted, count: 16) { found = copy(key).integer(at: 16) }
    }
    return found
  }
}
