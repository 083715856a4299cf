import Cryptography
import Journal
import MerkleLog
import Replay
import Support
import Testing

@Suite("replay verify and the tree")
struct TreeCheckTests {
  /// Not events: only what is not looked into.
  private static func journal(_ count: UInt64) throws -> MemoryJournal {
    let journal = MemoryJournal()
    try journal.append((0..<count).map(event), at: 0)
    return journal
  }

  private static func event(_ number: UInt64) -> [UInt8] { Array("event \(number)".utf8) }

  private static func fault(
    _ journal: MemoryJournal, _ heads: ExpectedHead...
  ) throws -> Verification.Fault? {
    try verify(journal, expecting: heads, from: .max).fault
  }

  private static func head(_ size: UInt64, of journal: MemoryJournal) throws -> TreeHead {
    try MerkleTree(size: size, tiles: journal.makeReader()).head()
  }

  private static let zero = SHA256Digest(bytes: [UInt8](repeating: 0, count: 32))!

  @Test("the tree is rebuilt at every size", arguments: [0, 1, 255, 256, 257, 1_024, 2_500])
  func whole(_ size: UInt64) throws {
    let journal = try Self.journal(size)
    let result = try verify(journal, from: .max)
    #expect(result.fault == nil)
    #expect(result.events == size)
    #expect(result.head == (try Self.head(size, of: journal)))
  }

  @Test(
    "an event that is not the one of its tile is named", arguments: [0, 1, 255, 256, 1_023, 1_535])
  func event(_ position: UInt64) throws {
    let journal = try Self.journal(1_600)
    journal.overwrite(position, with: Self.event(position + 1))
    let result = try verify(journal, from: .max)
    #expect(result.fault?.position == position)
    #expect(result.fault?.description.contains("tile/0/00\(position / 256)") == true)
    #expect(result.events == position)
  }

  @Test("of two faults in a tile the first is named, though the second ends the reading")
  func partialTile() throws {
    let journal = try Self.journal(512)
    journal.overwrite(300, with: Self.event(1))
    journal.overwrite(310, with: [UInt8](repeating: 0, count: 70_000))
    #expect(try Self.fault(journal)?.position == 300)
    journal.overwrite(300, with: Self.event(300))
    #expect(try Self.fault(journal)?.description.contains("is larger") == true)
  }

  @Test("a tile that is changed, missing or too much is named")
  func tile() throws {
    let journal = try Self.journal(600)
    let tile = Tile(level: 0, index: 1)
    var hashes = try journal.makeReader().hashes(of: tile)
    hashes[7] = Self.zero
    journal.overwrite(tile, with: hashes)
    #expect(try Self.fault(journal)?.position == 263)
    journal.overwrite(tile, with: nil)
    #expect(try Self.fault(journal)?.description == "tile/0/001 is missing")
    let short = try Self.journal(500)
    short.overwrite(tile, with: hashes)
    #expect(try Self.fault(short)?.description == "tile/0/001 is stored and the log ends before it")
    let high = try Self.journal(500)
    high.overwrite(Tile(level: 1, index: 0), with: hashes)
    #expect(try Self.fault(high)?.description.hasPrefix("tile/1/000 is stored") == true)
  }

  @Test("a tile above the lowest is compared too")
  func level1() throws {
    let journal = try Self.journal(65_600)
    #expect(try Self.fault(journal) == nil)
    let tile = Tile(level: 1, index: 0)
    var hashes = try journal.makeReader().hashes(of: tile)
    hashes[3] = Self.zero
    journal.overwrite(tile, with: hashes)
    let fault = try #require(try Self.fault(journal))
    #expect(fault.description == "tile/1/000 does not have the hash of tile/0/003")
    #expect(fault.position == 768)
  }

  @Test("what was signed of the log is its root at that size", arguments: [0, 1, 256, 700, 1_300])
  func signed(_ size: UInt64) throws {
    let journal = try Self.journal(1_300)
    let head = try Self.head(size, of: journal)
    #expect(try Self.fault(journal, ExpectedHead("it", head), ExpectedHead("it", head)) == nil)
    let other = TreeHead(size: size, root: Self.zero)
    let fault = try #require(try Self.fault(journal, ExpectedHead("the other", other)))
    #expect(fault.description.hasPrefix("the other is not of this log: for its \(size) events"))
    #expect(fault.position == nil)
  }

  @Test("a log that ends before what was signed lacks its end")
  func tail() throws {
    let journal = try Self.journal(1_300)
    let head = try Self.head(1_300, of: journal)
    let short = try Self.journal(1_299)
    let fault = try #require(try Self.fault(short, ExpectedHead("the checkpoint", head)))
    #expect(fault.description.contains("for 1300 events and the log has 1299: its end is missing"))
  }
}
