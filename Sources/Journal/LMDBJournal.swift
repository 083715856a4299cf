import Cryptography
import LMDB
import MerkleLog
import Synchronization

/// The journal in an LMDB environment: table `events`, position (8 bytes, big-endian) to bytes; table
/// `tiles`, level (1 byte) ‖ index (8 bytes, big-endian) to the bytes of a full tile; table `meta`
/// with the format version.
package final class LMDBJournal: Journal {
  /// The format this program writes. 1: events and meta alone, no tiles. 2: every full tile of the
  /// tree over the events.
  package static let format: UInt8 = 2
  private static let firstFormatWithTiles: UInt8 = 2
  /// Address space set aside: 1 TiB.
  package static let mapSize = 1 << 40

  private let environment: Environment
  private let events: Table
  private let tiles: Table?
  private let position: Atomic<UInt64>
  private let isPoisoned = Atomic(false)
  /// Where the tree goes on; only that of the journal that appends is kept up.
  private let edge = Mutex(TreeEdge())
  /// Whether the events had no tree yet when the journal was opened, and were given one.
  package let treeWasBuilt: Bool

  private init(
    environment: Environment, events: Table, tiles: Table?, head: UInt64, treeWasBuilt: Bool
  ) {
    self.environment = environment
    self.events = events
    self.tiles = tiles
    position = Atomic(head)
    self.treeWasBuilt = treeWasBuilt
  }

  /// Opens the journal in a directory that exists. One of an older format is brought to the present
  /// one when it is opened for writing: its tree is built, in one pass over the events.
  ///
  /// - Parameters:
  ///   - create: makes an empty journal where there is none.
  ///   - readOnly: for readers beside the one process that appends.
  /// - Throws: `newerFormat`, `damaged`, `storage`.
  @available(*, noasync)
  package static func open(
    _ path: String, create: Bool = false, readOnly: Bool = false
  ) throws(JournalError) -> LMDBJournal {
    do {
      let environment = try Environment.open(
        path, tables: 8, mapSize: mapSize, durability: .durable, readOnly: readOnly)
      let names = ["events", "meta"]
      let tables =
        create
        ? try Table.open(names, in: environment)
        : try Table.openExisting(names, in: environment)
      let found = try checkFormat(environment, tables[1], create: create)
      let tiles = try openTiles(environment, isThere: found >= firstFormatWithTiles, readOnly)
      let journal = LMDBJournal(
        environment: environment, events: tables[0], tiles: tiles,
        head: try readHead(environment, tables[0]), treeWasBuilt: !readOnly && found < format)
      if !readOnly { try journal.beginAppending(meta: tables[1]) }
      return journal
    } catch let error as JournalError {
      throw error
    } catch let error as LMDBError {
      throw JournalError(error)
    } catch {
      throw JournalError(.storage, "\(error)")
    }
  }

  /// Nil when there is none and none can be made.
  @available(*, noasync)
  private static func openTiles(
    _ environment: Environment, isThere: Bool, _ readOnly: Bool
  ) throws -> Table? {
    if readOnly, !isThere { return nil }
    return readOnly
      ? try Table.openExisting(["tiles"], in: environment)[0]
      : try Table.open(["tiles"], in: environment)[0]
  }

  @available(*, noasync)
  private func beginAppending(meta: Table) throws {
    try refuseGap()
    if treeWasBuilt { try buildTiles(meta: meta) }
    let tiles = try LMDBJournalReader(environment, events, tiles)
    let edge = try TreeEdge(size: head, tiles: tiles)
    self.edge.withLock { $0 = edge }
  }

  /// Events for each commit while the tree is built.
  private static let buildingBatch = 65_536

  /// Stores every full tile of the events that are there, and then the format that promises them.
  @available(*, noasync)
  private func buildTiles(meta: Table) throws {
    let reader = try LMDBJournalReader(environment, events, nil)
    var edge = TreeEdge()
    while edge.size < head {
      let batch = try reader.events(
        from: edge.size, limit: Self.buildingBatch, maximumBytes: 64 << 20)
      try environment.reserve()
      let transaction = try environment.beginWrite()
      for event in batch { try append(recordHash(event), to: &edge, transaction) }
      try transaction.commit()
    }
    let transaction = try environment.beginWrite()
    try Self.write(Self.format, meta, transaction)
    try transaction.commit()
  }

  /// Appends a record to the tree and stores the tiles that it fills.
  private func append(
    _ record: SHA256Digest, to edge: inout TreeEdge, _ transaction: borrowing WriteTransaction
  ) throws {
    try edge.append(record) { tile, hashes in
      let bytes = Tile.encode(hashes)
      try transaction.put(tiles!, Self.key(tile).span, bytes.span)
    }
  }

  /// As many events as positions: a gap is looked for only when the numbers differ.
  private func refuseGap() throws {
    guard UInt64(try environment.beginRead().count(events)) != head else { return }
    let reader = try makeReader()
    var next: UInt64 = 0
    while next < head {
      next += UInt64(try reader.events(from: next, limit: 1_000, maximumBytes: .max).count)
    }
    throw JournalError(.damaged, "the journal does not have as many events as its table says")
  }

  package var head: UInt64 { position.load(ordering: .acquiring) }

  package func reserve() throws(JournalError) {
    do {
      try environment.reserve()
    } catch {
      throw JournalError(error.isLackOfSpace ? .noSpace : .storage, error.description)
    }
  }

  package func append(_ events: [[UInt8]], at position: UInt64) throws(JournalError) {
    guard !isPoisoned.load(ordering: .relaxed) else {
      throw JournalError(.poisoned, "an earlier commit of the journal failed")
    }
    guard position == head else {
      throw JournalError(.wrongPosition, "the head is \(head), the batch is for \(position)")
    }
    do {
      var edge = edge.withLock { edge in
        defer { edge = TreeEdge() }
        return edge
      }
      let transaction = try environment.beginWrite()
      var next = position
      for event in events {
        try transaction.append(self.events, Self.key(next).span, event.span)
        try append(recordHash(event), to: &edge, transaction)
        next += 1
      }
      try transaction.commit()
      self.edge.withLock { $0 = edge }
      self.position.store(next, ordering: .releasing)
    } catch {
      isPoisoned.store(true, ordering: .relaxed)
      throw JournalError(.poisoned, "\(error)")
    }
  }

  package func makeReader() throws(JournalError) -> any JournalReader {
    do {
      return try LMDBJournalReader(environment, events, tiles)
    } catch {
      throw JournalError(error)
    }
  }

  package func usage() throws(JournalError) -> StorageUsage? {
    do {
      return try StorageUsage(environment)
    } catch {
      throw JournalError(error)
    }
  }

  static func key(_ position: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: position >> (56 - 8 * UInt64($0))) }
  }

  static func key(_ tile: Tile) -> [UInt8] { [UInt8(tile.level)] + key(tile.index) }

  /// The position that a key stands for; nil for a key of another length.
  static func position(ofKey key: Span<UInt8>) -> UInt64? {
    guard key.count == 8 else { return nil }
    var position: UInt64 = 0
    for index in key.indices { position = position << 8 | UInt64(key[index]) }
    return position
  }

  static func readHead(_ transaction: borrowing ReadTransaction, _ events: Table) throws -> UInt64 {
    var last: UInt64?
    let isEmpty = try !transaction.floor(events, key(.max).span) { key, _ in
      last = position(ofKey: key)
    }
    if isEmpty { return 0 }
    guard let last, last < .max else { throw JournalError(.damaged, "a key is no position") }
    return last + 1
  }

  private static func readHead(_ environment: Environment, _ events: Table) throws -> UInt64 {
    try readHead(environment.beginRead(), events)
  }

  /// The format of the journal; one that was just made has the present one.
  @available(*, noasync)
  private static func checkFormat(
    _ environment: Environment, _ meta: Table, create: Bool
  ) throws -> UInt8 {
    var found: UInt8?
    try environment.beginRead().get(meta, formatKey.span) { found = $0.count == 1 ? $0[0] : .max }
    if let found {
      guard found <= format else {
        throw JournalError(
          .newerFormat,
          "the journal has format \(found), this version of the program knows up to \(format)")
      }
      return found
    }
    guard create else { throw JournalError(.damaged, "the journal does not say its format") }
    let transaction = try environment.beginWrite()
    try write(format, meta, transaction)
    try transaction.commit()
    return format
  }

  private static let formatKey = Array("format".utf8)

  private static func write(
    _ format: UInt8, _ meta: Table, _ transaction: borrowing WriteTransaction
  ) throws {
    try transaction.put(meta, formatKey.span, [format].span)
  }
}
