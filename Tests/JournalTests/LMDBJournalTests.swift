import Foundation
import Journal
import LMDB
import MerkleLog
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

  @Test("the tree goes on where it was when the journal was closed")
  func treeAfterReopening() throws {
    for _ in 0..<3 {
      let journal = try LMDBJournal.open(directory.path, create: true)
      try journal.append((0..<100).map { [UInt8($0)] }, at: journal.head)
    }
    let reader = try LMDBJournal.open(directory.path, readOnly: true).makeReader()
    var edge = TreeEdge()
    for event in try reader.events(from: 0, limit: 300, maximumBytes: .max) {
      edge.append(recordHash(event)) { _, _ in }
    }
    #expect(try MerkleTree(size: 300, tiles: reader).head() == edge.head)
    #expect(try reader.storedTile(Tile(level: 0, index: 0))?.count == 8_192)
  }

  @Test("a journal of the first format gets its tiles when it is opened for writing")
  func firstFormat() throws {
    try fill(1_000)
    let head = try MerkleTree(
      size: 1_000, tiles: LMDBJournal.open(directory.path, readOnly: true).makeReader()
    ).head()
    try change { transaction, tables in
      let (key, value) = (Array("format".utf8), [1] as [UInt8])
      try transaction.put(tables[1], key.span, value.span)
      for index in 0..<3 as Range<UInt8> {
        let key: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, index]
        try transaction.delete(tables[2], key.span)
      }
    }
    do {
      let reader = try LMDBJournal.open(directory.path, readOnly: true).makeReader()
      #expect(try reader.storedTile(Tile(level: 0, index: 0)) == nil)
      #expect(try MerkleTree(size: 1_000, tiles: reader).head() == head)
    }
    for isFirst in [true, false] {
      let journal = try LMDBJournal.open(directory.path)
      #expect(journal.treeWasBuilt == isFirst)
      let reader = try journal.makeReader()
      #expect(try MerkleTree(size: 1_000, tiles: reader).head() == head)
      #expect(try reader.storedTile(Tile(level: 0, index: 2)) != nil)
    }
  }

  @Test("a tile that is missing is damage, and so is one that is cut short")
  func damagedTiles() throws {
    try fill(1_000)
    let (first, second) = ([UInt8](repeating: 0, count: 9), [0, 0, 0, 0, 0, 0, 0, 0, 1] as [UInt8])
    try change { transaction, tables in
      try transaction.delete(tables[2], first.span)
      try transaction.put(tables[2], second.span, [UInt8](repeating: 1, count: 8_191).span)
    }
    let reader = try LMDBJournal.open(directory.path, readOnly: true).makeReader()
    for index in 0..<2 as Range<UInt64> {
      let error = #expect(throws: JournalError.self) {
        try reader.hashes(of: Tile(level: 0, index: index))
      }
      #expect(error?.code == .damaged)
      #expect(error?.description.contains("tile/0/00\(index)") == true)
    }
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
    let tables = try Table.openExisting(["events", "meta", "tiles"], in: environment)
    let transaction = try environment.beginWrite()
    try body(transaction, tables)
    try transaction.commit()
  }
}
