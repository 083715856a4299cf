import Foundation
import Journal
import MerkleLog
import Support
import Testing

/// What every journal promises; each test runs against all of them.
@Suite("The journal's contract")
struct JournalContractTests {
  enum Kind: String, CaseIterable, Sendable {
    case memory
    case lmdb
  }

  @Test("what was appended is handed back byte for byte, in order", arguments: Kind.allCases)
  func roundTrip(_ kind: Kind) throws {
    let subject = try Subject(kind)
    let events = (0..<300).map { Array("event \($0)".utf8) }
    try subject.journal.append(Array(events[..<1]), at: 0)
    try subject.journal.append(Array(events[1...]), at: 1)
    let reader = try subject.journal.makeReader()
    #expect(subject.journal.head == 300)
    #expect(try reader.head() == 300)
    #expect(try reader.events(from: 0, limit: 1_000, maximumBytes: .max) == events)
    #expect(try reader.event(at: 299) == events[299])
    #expect(try reader.event(at: 300) == nil)
    #expect(try reader.event(at: .max) == nil)
  }

  @Test("reads are bounded by number and by bytes", arguments: Kind.allCases)
  func bounds(_ kind: Kind) throws {
    let subject = try Subject(kind)
    try subject.journal.append((0..<20).map { [UInt8](repeating: $0, count: 100) }, at: 0)
    let reader = try subject.journal.makeReader()
    #expect(try reader.events(from: 5, limit: 3, maximumBytes: .max).map(\.first) == [5, 6, 7])
    #expect(try reader.events(from: 0, limit: 20, maximumBytes: 250).count == 3)
    #expect(try reader.events(from: 0, limit: 20, maximumBytes: 1).count == 1)
    #expect(try reader.events(from: 0, limit: 0, maximumBytes: 1).isEmpty)
    #expect(try reader.events(from: 20, limit: 5, maximumBytes: .max).isEmpty)
  }

  @Test("a batch for another head is refused and leaves nothing", arguments: Kind.allCases)
  func wrongPosition(_ kind: Kind) throws {
    let subject = try Subject(kind)
    try subject.journal.append([[1], [2]], at: 0)
    for position: UInt64 in [0, 1, 3] {
      let error = #expect(throws: JournalError.self) {
        try subject.journal.append([[3]], at: position)
      }
      #expect(error?.code == .wrongPosition)
    }
    try subject.journal.append([[3]], at: 2)
    #expect(try subject.journal.makeReader().events(from: 0, limit: 9, maximumBytes: 9).count == 3)
  }

  @Test("a reader that was made before sees what is appended later", arguments: Kind.allCases)
  func growing(_ kind: Kind) throws {
    let subject = try Subject(kind)
    let reader = try subject.journal.makeReader()
    #expect(try reader.head() == 0)
    try subject.journal.append([[1]], at: 0)
    #expect(try reader.head() == 1)
    #expect(try reader.event(at: 0) == [1])
  }

  @Test("an empty batch changes nothing", arguments: Kind.allCases)
  func emptyBatch(_ kind: Kind) throws {
    let subject = try Subject(kind)
    try subject.journal.append([], at: 0)
    #expect(subject.journal.head == 0)
  }

  @Test("the tiles are those of the events, also at the right edge", arguments: Kind.allCases)
  func tiles(_ kind: Kind) throws {
    let subject = try Subject(kind)
    let events = (0..<70_000).map { Array("event \($0)".utf8) }
    var edge = TreeEdge()
    for batch in stride(from: 0, to: events.count, by: 10_000) {
      let part = Array(events[batch..<batch + 10_000])
      try subject.journal.append(part, at: UInt64(batch))
      for event in part { edge.append(recordHash(event)) { _, _ in } }
    }
    let reader = try subject.journal.makeReader()
    for size in [1, 256, 257, 69_999, 70_000] as [UInt64] {
      for tile in Tile.edge(ofTreeOfSize: size).compactMap(\.self) {
        #expect(try reader.hashes(of: tile).count == tile.width)
      }
    }
    #expect(try MerkleTree(size: 70_000, tiles: reader).head() == edge.head)
    let first = Tile(level: 0, index: 0)
    #expect(try reader.hashes(of: first) == events[..<256].map(recordHash))
    #expect(try reader.storedTile(first) == Tile.encode(events[..<256].map(recordHash)))
    #expect(try reader.storedTile(Tile(level: 2, index: 0)) == nil)
    for tile in [Tile(level: 0, index: 273, width: 113), Tile(level: 1, index: 1, width: 18)] {
      let error = #expect(throws: JournalError.self) { try reader.hashes(of: tile) }
      #expect(error?.code == .beyondHead)
    }
  }

  private struct Subject {
    let journal: any Journal
    private let directory: TemporaryDirectory?

    init(_ kind: Kind) throws {
      switch kind {
      case .memory:
        directory = nil
        journal = MemoryJournal()
      case .lmdb:
        let directory = try TemporaryDirectory()
        self.directory = directory
        journal = try LMDBJournal.open(directory.path, create: true)
      }
    }
  }
}
