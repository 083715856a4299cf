import Foundation
import Journal
import LMDB
import Support
import Testing

@Suite("The journal in LMDB")
struct LMDBJournalTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test("events are there after the journal was closed")
  func reopening() throws {
    try fill(1_000)
    let journal = try LMDBJournal.open(directory.path)
    #expect(journal.head == 1_000)
    #expect(try journal.makeReader().event(at: 999) == Array("event 999".utf8))
  }

  @Test("a journal of a newer format is refused")
  func newerFormat() throws {
    try fill(1)
    try change { transaction, tables in
      let (key, value) = (Array("format".utf8), [LMDBJournal.format + 1])
      try transaction.put(tables[1], key.span, value.span)
    }
    let error = #expect(throws: JournalError.self) { try LMDBJournal.open(directory.path) }
    #expect(error?.code == .newerFormat)
  }

  @Test("a gap is damage, and its position is named")
  func gap() throws {
    try fill(10)
    try change { transaction, tables in
      let key: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 4]
      try transaction.delete(tables[0], key.span)
    }
    let refused = #expect(throws: JournalError.self) { try LMDBJournal.open(directory.path) }
    #expect(refused?.description.contains("position 4") == true)
    let reader = try LMDBJournal.open(directory.path, readOnly: true).makeReader()
    #expect(try reader.events(from: 0, limit: 4, maximumBytes: .max).count == 4)
    let error = #expect(throws: JournalError.self) {
      try reader.events(from: 0, limit: 10, maximumBytes: .max)
    }
    #expect(error?.code == .damaged)
    #expect(error?.description.contains("position 4") == true)
  }

  @Test("a file that is no journal is damage")
  func garbage() throws {
    try String(repeating: "garbage ", count: 2_000).write(
      toFile: directory.path + "/data.mdb", atomically: false, encoding: .utf8)
    let error = #expect(throws: JournalError.self) { try LMDBJournal.open(directory.path) }
    #expect(error?.code == .damaged)
  }

  @Test("a journal is not made where none was asked for")
  func missing() throws {
    #expect(throws: JournalError.self) { try LMDBJournal.open(directory.path) }
  }

  @Test("a directory is taken by one process at a time")
  func lock() throws {
    let data = DataDirectory(directory.path)
    var first: DirectoryLock? = try data.lock()
    let error = #expect(throws: DataDirectoryError.self) { try data.lock() }
    #expect(error?.code == .inUse)
    first = nil
    #expect(first == nil)
    _ = try data.lock()
  }

  private func fill(_ count: Int) throws {
    let journal = try LMDBJournal.open(directory.path, create: true)
    try journal.append((0..<count).map { Array("event \($0)".utf8) }, at: 0)
  }

  /// Changes the tables behind the journal's back.
  private func change(_ body: (borrowing WriteTransaction, [Table]) throws -> Void) throws {
    let environment = try Environment.open(
      directory.path, tables: 8, mapSize: 1 << 28, durability: .durable)
    let tables = try Table.openExisting(["events", "meta"], in: environment)
    let transaction = try environment.beginWrite()
    try body(transaction, tables)
    try transaction.commit()
  }
}
