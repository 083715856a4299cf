import Cryptography
import Foundation
import Journal
import Ledger
import MerkleLog
import Replay
import Support
import Testing

/// What old logs say must never change. A log in `Replay/Corpus` stays as it is for ever; what it
/// replays to changes only with `Scripts/record-corpus`, where everybody sees it.
@Suite("The corpus")
struct CorpusTests {
  private static let isRecording = ProcessInfo.processInfo.environment["RECORD_CORPUS"] != nil

  @Test("a recorded ledger replays to what it did", arguments: try RecordedLedger.all())
  func replays(_ ledger: RecordedLedger) throws {
    let events = try ledger.events()
    let journal = MemoryJournal()
    try journal.append(events, at: 0)
    let verified = try verify(journal)
    #expect(verified.fault == nil)
    #expect(verified.events == UInt64(events.count))
    if Self.isRecording {
      return try ledger.write(Self.sizes(events).map { try Self.point($0, events, journal) })
    }
    let points = try ledger.points()
    #expect(points.last?.size == UInt64(events.count))
    for point in points {
      #expect(
        try Self.point(point.size, events, journal) == point,
        "read differently than it was; if that is meant, Scripts/record-corpus writes it anew")
    }
  }

  @Test("events are written as they were read", arguments: try RecordedLedger.all())
  func roundTrip(_ ledger: RecordedLedger) throws {
    for bytes in try ledger.events() {
      #expect(try Event(canonicalBytes: bytes).canonicalBytes() == bytes)
    }
  }

  private static func point(
    _ size: UInt64, _ events: [[UInt8]], _ journal: MemoryJournal
  ) throws -> RecordedLedger.Point {
    let root = try MerkleTree(size: size, tiles: journal.makeReader()).head().root
    #expect(root == treeHead(events.prefix(Int(size)).map(recordHash)[...]))
    let scratch = try TemporaryDirectory()
    return RecordedLedger.Point(
      picture: try picture(journal, size), root: Base64.encode(root.bytes), size: size,
      state: try rebuild(journal, in: scratch.path, count: size).digest)
  }

  private static func picture(_ journal: MemoryJournal, _ size: UInt64) throws -> String {
    var walk = try LogWalk(journal)
    let moment = try walk.reader.moment(.position(size - 1), head: journal.head)
    try walk.advance(through: moment.position)
    var json: [UInt8] = []
    try Picture(walk, at: moment, of: nil)?.writeJSON { json += $0 }
    return Hexadecimal.encode(SHA256.hash(json).bytes)
  }

  /// Each quarter of a log, at the end of a command.
  private static func sizes(_ events: [[UInt8]]) throws -> [UInt64] {
    let whole = try events.indices.filter { index in
      let part = try Event(canonicalBytes: events[index]).part
      return part.map { $0.index + 1 == $0.count } ?? true
    }
    return (1...4).compactMap { quarter in
      whole.last { $0 < events.count * quarter / 4 }.map { UInt64($0 + 1) }
    }
  }
}
