import LMDB
import Synchronization

/// The journal in an LMDB environment: table `events`, position (8 bytes, big-endian) to bytes;
/// table `meta` with the format version.
package final class LMDBJournal: Journal {
  /// The format this program writes. 1: events and meta alone, no tiles.
  package static let format: UInt8 = 1
  /// Address space set aside: 1 TiB.
  package static let mapSize = 1 << 40

  private let environment: Environment
  private let events: Table
  private let position: Atomic<UInt64>
  private let isPoisoned = Atomic(false)

  private init(environment: Environment, events: Table, head: UInt64) {
    self.environment = environment
    self.events = events
    position = Atomic(head)
  }

  /// Opens the journal in a directory that exists.
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
      try checkFormat(environment, tables[1], create: create)
      let head = try readHead(environment, tables[0])
      let journal = LMDBJournal(environment: environment, events: tables[0], head: head)
      if !readOnly { try journal.refuseGap() }
      return journal
    } catch let error as JournalError {
      throw error
    } catch let error as LMDBError {
      throw JournalError(error)
    } catch {
      throw JournalError(.storage, "\(error)")
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
      let transaction = try environment.beginWrite()
      var next = position
      for event in events {
        try transaction.append(self.events, Self.key(next).span, event.span)
        next += 1
      }
      try transaction.commit()
      self.position.store(next, ordering: .releasing)
    } catch {
      isPoisoned.store(true, ordering: .relaxed)
      throw JournalError(.poisoned, error.description)
    }
  }

  package func makeReader() throws(JournalError) -> any JournalReader {
    do {
      return try LMDBJournalReader(environment, events)
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

  @available(*, noasync)
  private static func checkFormat(
    _ environment: Environment, _ meta: Table, create: Bool
  ) throws {
    let key = Array("format".utf8)
    var found: UInt8?
    try environment.beginRead().get(meta, key.span) { found = $0.count == 1 ? $0[0] : .max }
    if let found {
      guard found <= format else {
        throw JournalError(
          .newerFormat,
          "the journal has format \(found), this version of the program knows up to \(format)")
      }
      return
    }
    guard create else { throw JournalError(.damaged, "the journal does not say its format") }
    let transaction = try environment.beginWrite()
    try transaction.put(meta, key.span, [format].span)
    try transaction.commit()
  }
}
