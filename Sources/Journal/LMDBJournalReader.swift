import Cryptography
import LMDB
import MerkleLog

/// Keeps one reader slot and renews its snapshot for each call.
final class LMDBJournalReader: JournalReader {
  private let transaction: ReadTransaction
  private let events: Table
  /// Nil in a journal that was last written before there were tiles.
  private let tiles: Table?

  init(_ environment: Environment, _ events: Table, _ tiles: Table?) throws(LMDBError) {
    self.events = events
    self.tiles = tiles
    transaction = try environment.beginRead()
    transaction.reset()
  }

  func head() throws(JournalError) -> UInt64 {
    try snapshot { try LMDBJournal.readHead(transaction, events) }
  }

  func event(at position: UInt64) throws(JournalError) -> [UInt8]? {
    try snapshot {
      var found: [UInt8]?
      try transaction.get(events, LMDBJournal.key(position).span) { found = copy($0) }
      return found
    }
  }

  func scan(from position: UInt64, _ body: (Span<UInt8>) -> Bool) throws(JournalError) {
    try snapshot { try walk(from: position, body) }
  }

  func events(
    from position: UInt64, limit: Int, maximumBytes: Int
  ) throws(JournalError) -> [[UInt8]] {
    guard limit > 0 else { return [] }
    return try snapshot { try read(from: position, limit: limit, maximumBytes: maximumBytes) }
  }

  private func read(
    from position: UInt64, limit: Int, maximumBytes: Int
  ) throws -> [[UInt8]] {
    var result: [[UInt8]] = []
    var room = maximumBytes
    try walk(from: position) { event in
      result.append(copy(event))
      room -= event.count
      return result.count < limit && room > 0
    }
    return result
  }

  private func walk(from position: UInt64, _ body: (Span<UInt8>) -> Bool) throws {
    var expected = position
    try transaction.scan(events, from: LMDBJournal.key(position).span) { key, value in
      guard LMDBJournal.position(ofKey: key) == expected else {
        throw JournalError(.damaged, "the event at position \(expected) is missing")
      }
      expected += 1
      return body(value)
    }
  }

  var hasTiles: Bool { tiles != nil }

  func storedTile(_ tile: Tile) throws(JournalError) -> [UInt8]? {
    try snapshot { try stored(tile) }
  }

  func hashes(of tile: Tile) throws(JournalError) -> [SHA256Digest] {
    try snapshot { try hashes(tile) }
  }

  private func stored(_ tile: Tile) throws -> [UInt8]? {
    guard let tiles else { return nil }
    var found: [UInt8]?
    try transaction.get(tiles, LMDBJournal.key(tile).span) { found = copy($0) }
    return found
  }

  private func hashes(_ tile: Tile) throws -> [SHA256Digest] {
    if let bytes = try stored(tile) {
      guard let hashes = Tile.decode(bytes.span), hashes.count == Tile.fullWidth else {
        throw JournalError(.damaged, "\(tile.whole.path) has \(bytes.count) bytes")
      }
      return Array(hashes.prefix(tile.width))
    }
    let head = try LMDBJournal.readHead(transaction, events)
    guard tile.isWithin(treeOfSize: head) else {
      throw JournalError(.beyondHead, "\(head) events do not fill \(tile.path)")
    }
    guard tiles == nil || !tile.whole.isWithin(treeOfSize: head) else {
      throw JournalError(.damaged, "\(tile.whole.path) is missing")
    }
    return try derive(tile)
  }

  /// Hashes what stands below a tile.
  private func derive(_ tile: Tile) throws -> [SHA256Digest] {
    let first = tile.index * UInt64(Tile.fullWidth)
    guard tile.level > 0 else {
      return try read(from: first, limit: tile.width, maximumBytes: .max).map(recordHash)
    }
    return try (first..<first + UInt64(tile.width)).map {
      subtreeHash(try hashes(Tile(level: tile.level - 1, index: $0))[...])
    }
  }

  private func snapshot<R>(_ body: () throws -> R) throws(JournalError) -> R {
    do {
      try transaction.renew()
      defer { transaction.reset() }
      return try body()
    } catch let error as JournalError {
      throw error
    } catch let error as LMDBError {
      throw JournalError(error)
    } catch {
      throw JournalError(.storage, "\(error)")
    }
  }
}

private func copy(_ span: Span<UInt8>) -> [UInt8] {
  unsafe span.withUnsafeBufferPointer { unsafe Array($0) }
}
