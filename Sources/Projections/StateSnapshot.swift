package import Journal
import LMDB
package import Ledger

/// A reader of the state for one thread: within one `read`, every answer is of the same moment.
package final class StateSnapshot: StateReader {
  let tables: Tables
  let cache = RecordCache()
  let isOnlyWriter = false
  private(set) var horizon = Position.max
  package let events: any JournalReader
  let transaction: ReadTransaction
  /// What `tokensBehind` found in this `read`.
  private var behind: [TokenNote]?
  private var lastOfBehind: [Identifier: Position]?

  init(_ transaction: consuming ReadTransaction, _ tables: Tables, _ events: any JournalReader) {
    self.tables = tables
    self.events = events
    self.transaction = transaction
    self.transaction.reset()
  }

  /// Runs `body` on the newest state. Not to be nested.
  ///
  /// - Parameter position: records of which every version is kept are read as they stood after the
  ///   event at this position. Everything else is of the newest state.
  package func read<R>(
    asOf position: Position = .max, _ body: (StateSnapshot) throws -> R
  ) throws -> R {
    try transaction.renew()
    horizon = position
    defer {
      transaction.reset()
      behind = nil
      lastOfBehind = nil
      horizon = .max
    }
    return try body(self)
  }

  func value(_ table: Table, _ key: [UInt8]) throws -> [UInt8]? {
    try transaction.copiedValue(table, key)
  }

  func scan(
    _ table: Table, prefix: [UInt8], _ body: ([UInt8], [UInt8]) throws -> Bool
  ) throws {
    try transaction.scan(table, prefix: prefix, from: prefix, body)
  }

  /// Positions at which tokens were issued to a client, in ascending order.
  package func tokens(
    of client: Identifier, from position: Position, limit: Int
  ) throws -> [Position] {
    var result: [Position] = []
    let start = client.bytes.appending(position)
    try transaction.scan(tables.tokensByClient, prefix: client.bytes, from: start) { key, _ in
      if let found = key.integer(at: 16) { result.append(found) }
      return result.count < limit
    }
    let behind = try tokensBehind().filter { $0.client == client && $0.position >= position }
    return result + behind.prefix(limit - result.count).map(\.position)
  }

  /// Positions of the events that belong to the history of a thing, in ascending order; tokens'
  /// alone do not.
  package func history(
    of thing: Identifier, from start: Position, through end: Position, limit: Int
  ) throws -> [Position] {
    var result: [Position] = []
    let first = thing.bytes.appending(start)
    try transaction.scan(tables.history, prefix: thing.bytes, from: first) { key, _ in
      guard let found = key.integer(at: 16), found <= end else { return false }
      result.append(found)
      return result.count < limit
    }
    return result
  }

  /// How often a secret was used to get a token, and when last; nil when never.
  package func use(of secret: Identifier) throws -> (count: UInt64, last: Timestamp)? {
    let stored = SecretUse(try value(tables.secretUses, secret.bytes))
    let behind = try tokensBehind().filter { $0.secret == secret }.uses.first?.use
    let use = behind.map { stored?.adding($0) ?? $0 } ?? stored
    return use.map { ($0.count, $0.last) }
  }

  /// The last of `tokensBehind` up to the horizon for each client.
  func lastBehind() throws -> [Identifier: Position] {
    if let lastOfBehind { return lastOfBehind }
    let notes = try tokensBehind().filter { $0.position <= horizon }
    let found = Dictionary(notes.map { ($0.client, $0.position) }) { max($0, $1) }
    lastOfBehind = found
    return found
  }

  /// Tokens that the log has and the state has not yet: while many are issued, the state gets them
  /// some thousands at a time.
  func tokensBehind() throws -> [TokenNote] {
    if let behind { return behind }
    let stored = try events.events(from: applied(), limit: .max, maximumBytes: .max)
    let found = try stored.compactMap {
      PlainToken(try Event(canonicalBytes: $0)).map(TokenNote.init)
    }
    behind = found
    return found
  }

  /// The number of events that this answers for: those that the state is made of, and the tokens
  /// behind them.
  package func head() throws -> Position {
    var head = try applied()
    for token in try tokensBehind() where token.position == head { head += 1 }
    return head
  }

  func version(
    _ table: Table, _ id: Identifier, upTo position: Position, isKnown: (Position) -> Bool
  ) throws -> (position: Position, bytes: [UInt8]?)? {
    try transaction.version(table, id, upTo: position, isKnown: isKnown)
  }

  /// The number of events that this state is made of.
  package func applied() throws -> Position {
    try Marker.read(transaction, tables.marker)?.applied ?? 0
  }

  /// SHA-256 over the number of events and every entry of every table but the marker's.
  package func digest() throws -> String { try stateDigest(transaction, tables) }
}
