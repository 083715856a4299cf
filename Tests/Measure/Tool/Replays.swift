import CanonicalJSON
import Foundation
import Journal
import LMDB
import Projections
import Replay

extension Measure {
  /// Rebuilding beside LMDB alone, and what LMDB alone takes to read the log and to write it into a
  /// file. What it does for a rebuild is what any program must do that ends with this state: read
  /// the log once and write each entry once, in the order of the log, with as many commits.
  @available(*, noasync)
  static func replay(_ path: String, scratch: String) throws -> [JSON.Member] {
    let directory = DataDirectory(path)
    let (rebuiltPath, rawPath) = (scratch + "/rebuilt", scratch + "/raw")
    for folder in [rebuiltPath, rawPath] {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: false)
    }
    let read = try rawRead(directory.journal)
    let exported = try rawExport(directory.journal, to: scratch + "/exported")
    let rebuilt = try rebuild(LMDBJournal.open(directory.journal, readOnly: true), in: rebuiltPath)
    let entries = try RawState.entries(of: rebuiltPath, events: rebuilt.events)
    let written = try rawRebuild(directory.journal, entries, in: rawPath)
    return [
      .init("events", rebuilt.events), .init("lmdb_export_microseconds", exported),
      .init("lmdb_read_microseconds", read), .init("lmdb_rebuild_microseconds", written),
      .init(
        "rebuild_microseconds", rebuilt.events * 1_000_000 / UInt64(rebuilt.eventsPerSecond)),
    ]
  }

  /// Writes the log into a file, an event a line, and makes it durable.
  @available(*, noasync)
  private static func rawExport(_ journal: String, to path: String) throws -> Int64 {
    guard FileManager.default.createFile(atPath: path, contents: nil),
      let file = FileHandle(forWritingAtPath: path)
    else { throw Misuse(what: "\(path) cannot be written") }
    let log = try RawLog(journal)
    return try microseconds {
      try log.writeLines { try file.write(contentsOf: $0) }
      try file.synchronize()
    }
  }

  @available(*, noasync)
  private static func rawRead(_ path: String) throws -> Int64 {
    let journal = try RawLog(path)
    return try microseconds { try journal.read(from: 0, count: .max) }
  }

  @available(*, noasync)
  private static func rawRebuild(
    _ journal: String, _ batches: [[RawState.Entry]], in scratch: String
  ) throws -> Int64 {
    let log = try RawLog(journal)
    return try microseconds {
      let state = try RawState(scratch)
      for (index, batch) in batches.enumerated() {
        try log.read(from: UInt64(index) * RawState.batch, count: RawState.batch)
        try state.write(batch)
      }
    }
  }
}

/// Reads a log and makes nothing of it.
private final class RawLog {
  private let environment: Environment
  private let table: Table
  private var sum: UInt64 = 0

  @available(*, noasync)
  init(_ path: String) throws {
    environment = try Environment.open(
      path, tables: 8, mapSize: LMDBJournal.mapSize, durability: .durable, readOnly: true)
    table = try Table.openExisting(["events"], in: environment)[0]
  }

  /// Every event with a newline behind it, a mebibyte or so at a time.
  @available(*, noasync)
  func writeLines(_ write: ([UInt8]) throws -> Void) throws {
    var lines: [UInt8] = []
    try environment.beginRead().scan(table, from: Span()) { _, value in
      unsafe value.withUnsafeBufferPointer { unsafe lines.append(contentsOf: $0) }
      lines.append(UInt8(ascii: "\n"))
      guard lines.count >= 1 << 20 else { return true }
      try write(lines)
      lines.removeAll(keepingCapacity: true)
      return true
    }
    try write(lines)
  }

  /// Fetches that many events.
  @available(*, noasync)
  func read(from position: UInt64, count: UInt64) throws {
    var left = count
    try environment.beginRead().scan(table, from: bigEndian(position).span) { _, value in
      sum &+= UInt64(value[0])
      left -= 1
      return left > 0
    }
  }
}

/// The entries of a state, without their meaning.
private final class RawState {
  /// Events for each commit, as the state's writer has it.
  static let batch: UInt64 = 16_384

  struct Entry {
    let table: Int
    let key: [UInt8]
    let value: [UInt8]

    /// The position at the end of the key, or at its beginning for want of one: most keys hold the
    /// position of the event that made the entry.
    func position(before head: UInt64) -> UInt64 {
      let position = key.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
      return position < head ? position : 0
    }
  }

  private let environment: Environment
  private let tables: [Table]

  @available(*, noasync)
  init(_ path: String) throws {
    environment = try Environment.open(
      path, tables: Tables.maximumCount, mapSize: StateStore.mapSize, durability: .deferred)
    tables = try Table.open(Tables.names, in: environment)
  }

  /// Every entry of a state in the order of the log, cut into batches of as many events.
  @available(*, noasync)
  static func entries(of path: String, events head: UInt64) throws -> [[Entry]] {
    let state = try RawState(path)
    let transaction = try state.environment.beginRead()
    var found: [(position: UInt64, entry: Entry)] = []
    for (index, table) in state.tables.enumerated() {
      try transaction.scan(table, from: Span()) { key, value in
        let entry = Entry(table: index, key: copy(key), value: copy(value))
        found.append((entry.position(before: head), entry))
        return true
      }
    }
    found.sort { $0.position < $1.position }
    var batches = [[Entry]](repeating: [], count: Int(head / batch) + 1)
    for (position, entry) in found { batches[Int(position / batch)].append(entry) }
    return batches
  }

  private static func copy(_ span: Span<UInt8>) -> [UInt8] { span.indices.map { span[$0] } }

  @available(*, noasync)
  func write(_ entries: [Entry]) throws {
    try environment.reserve()
    let transaction = try environment.beginWrite()
    for entry in entries {
      try transaction.put(tables[entry.table], entry.key.span, entry.value.span)
    }
    try transaction.commit()
  }
}
