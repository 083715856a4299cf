import Cryptography
import Foundation
import Journal
import MerkleLog
import Support
import Testing

@testable import Replay

@Suite("replay backup")
struct BackupTests {
  private let place: TemporaryDirectory
  private let backup: BackupDirectory
  private let journal = MemoryJournal()

  init() throws {
    place = try TemporaryDirectory()
    backup = BackupDirectory(place.path + "/backup")
  }

  /// Lets the journal grow to a size, by events of their own.
  private func grow(to size: UInt64) throws {
    try journal.append(
      (journal.head..<size).map {
        Array("{\"event\":\($0),\"recorded\":\"2026-11-21T05:16:00.123456Z\"}".utf8)
      }, at: journal.head)
  }

  private func checkpoint(at size: UInt64) throws -> KnownCheckpoint {
    let signer = try NoteSigner(name: "tests.example", privateKey: .generate())
    let root = try MerkleTree(size: size, tiles: journal.makeReader()).head().root
    let checkpoint = try SignedCheckpoint(size: size, root: root, signedBy: signer)
    return try KnownCheckpoint(checkpoint.bytes, source: "checkpoint")
  }

  private func files() throws -> Set<String> {
    let all = FileManager.default.enumerator(atPath: backup.path)!
    return Set(
      all.compactMap { $0 as? String }.filter {
        var isFolder: ObjCBool = false
        _ = unsafe FileManager.default.fileExists(
          atPath: backup.file($0), isDirectory: &isFolder)
        return !isFolder.boolValue
      })
  }

  /// The files of a static log that readers of trees of these sizes ask for (C2SP tlog-tiles).
  private func expectedFiles(_ sizes: [UInt64]) -> Set<String> {
    var files: Set = ["backup.json"]
    if sizes.count > 1 { files.insert("checkpoint") }
    for level in 0..<4 {
      for size in sizes {
        let hashes = size >> (8 * level)
        let widths = (0..<hashes / 256).map { ($0, 256) } + [(hashes / 256, Int(hashes % 256))]
        for (index, width) in widths where width > 0 {
          files.insert(Tile(level: level, index: index, width: width).path)
          if level == 0 { files.insert(EntryBundle(index: index, width: width).path) }
        }
      }
    }
    return files
  }

  private func readAll(_ size: UInt64) throws {
    let head = try MerkleTree(size: size, tiles: journal.makeReader()).head()
    var events: [[UInt8]] = []
    try BackupReader(
      directory: backup, start: 0, end: size, claims: [.init(head: head, source: "the journal")]
    ).read { events += $0 }
    let stored = try journal.makeReader().events(from: 0, limit: Int(size), maximumBytes: .max)
    #expect(events == stored)
  }

  @Test(
    "each run adds what is new and leaves exactly the files that readers need",
    arguments: [
      [1], [255, 256, 257], [256, 512, 700], [3, 3, 4], [300, 65_536, 65_537], [65_535, 66_000],
      [65_536, 70_000],
    ])
  func runs(_ sizes: [UInt64]) throws {
    var last: UInt64 = 0
    for size in sizes {
      try grow(to: size)
      let report = try backUp(journal, to: backup, checkpoint: nil, keys: nil)
      #expect(report.added == size - last)
      #expect(report.manifest.head.size == size)
      #expect(try files() == expectedFiles([size]))
      try readAll(size)
      last = size
    }
  }

  @Test(
    "the files of the checkpoint's size are there beside those of the backup's",
    arguments: [(1, 2), (200, 255), (255, 256), (250, 260), (256, 512), (300, 70_000)])
  func checkpoints(_ sizes: (signed: UInt64, head: UInt64)) throws {
    try grow(to: sizes.head)
    let note = try checkpoint(at: sizes.signed)
    _ = try backUp(journal, to: backup, checkpoint: note, keys: nil)
    #expect(try files() == expectedFiles([sizes.signed, sizes.head]))
    #expect(try backup.checkpoint()?.note == note.note)
    try readAll(sizes.head)
    try grow(to: sizes.head + 300)
    let next = try checkpoint(at: sizes.head)
    _ = try backUp(journal, to: backup, checkpoint: next, keys: nil)
    #expect(try files() == expectedFiles([sizes.head, sizes.head + 300]))
    try readAll(sizes.head + 300)
  }

  @Test("a checkpoint that the log contradicts is not backed up")
  func otherCheckpoint() throws {
    try grow(to: 10)
    let ahead = try checkpoint(at: 10)
    let other = BackupTests.Other()
    let error = #expect(throws: BackupError.self) {
      try backUp(other.journal, to: backup, checkpoint: ahead, keys: nil)
    }
    #expect(error?.code == .contradiction)
  }

  /// A log of the same size with other events.
  private struct Other {
    let journal = MemoryJournal()

    init() { try? journal.append((0..<10).map { Array("{\"other\":\($0)}".utf8) }, at: 0) }
  }

  @Test("a log whose events are not those that its tree was made of is not backed up")
  func damagedLog() throws {
    try grow(to: 300)
    let event = try #require(try journal.makeReader().event(at: 40))
    journal.overwrite(40, with: [])
    let error = #expect(throws: BackupError.self) {
      try backUp(journal, to: backup, checkpoint: nil, keys: nil)
    }
    #expect(error?.code == .damaged)
    #expect(try backup.manifest()?.head.size == 0)
    journal.overwrite(40, with: event)
    _ = try backUp(journal, to: backup, checkpoint: nil, keys: nil)
    try readAll(300)
  }

  @Test("a backup that was damaged behind its last full file is not continued")
  func damagedEdge() throws {
    try grow(to: 600)
    _ = try backUp(journal, to: backup, checkpoint: nil, keys: nil)
    let file = URL(filePath: backup.file(Tile(level: 1, index: 0, width: 2).path))
    var bytes = try Data(contentsOf: file)
    bytes[3] ^= 1
    try bytes.write(to: file)
    try grow(to: 900)
    let error = #expect(throws: BackupError.self) {
      try backUp(journal, to: backup, checkpoint: nil, keys: nil)
    }
    #expect(error?.code == .damaged)
  }

  @Test("two runs do not write at once")
  func twoRuns() throws {
    try grow(to: 1)
    let writer = try BackupWriter(backup)
    let error = #expect(throws: BackupError.self) {
      try backUp(journal, to: backup, checkpoint: nil, keys: nil)
    }
    #expect(error?.code == .inUse)
    withExtendedLifetime(writer) {}
  }

  @Test("what an interrupted first run left is begun anew")
  func interrupted() throws {
    try FileManager.default.createDirectory(
      atPath: backup.path, withIntermediateDirectories: false)
    try Data("to".utf8).write(to: URL(filePath: backup.file(".unfinished")))
    try grow(to: 5)
    _ = try backUp(journal, to: backup, checkpoint: nil, keys: nil)
    #expect(try files() == expectedFiles([5]))
  }
}
