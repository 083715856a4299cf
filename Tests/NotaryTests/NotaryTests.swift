import Credentials
import Cryptography
import Foundation
import Journal
import MerkleLog
import Notary
import Support
import Synchronization
import Testing

private let origin = "log.example"

@Suite("Signing for a log")
struct NotaryTests {
  private let folder: TemporaryDirectory
  private let directory: DataDirectory
  private let journal = MemoryJournal()

  init() throws {
    folder = try TemporaryDirectory()
    directory = DataDirectory(folder.path)
    try directory.create()
    // What makes a directory durable expects the file of a journal.
    try Data().write(to: URL(filePath: directory.journal + "/data.mdb"))
  }

  private func append(_ count: Int, _ text: String = "event") throws {
    let start = journal.head
    try journal.append((0..<count).map { Array("\(text) \($0)".utf8) }, at: start)
  }

  private func begin(
    _ journal: (any Journal)? = nil, origin: String = origin, mayBegin: Bool = false
  ) throws -> Signing {
    try Signing(directory, journal ?? self.journal, origin: origin, mayBegin: mayBegin)
  }

  private func refusal(
    _ journal: (any Journal)? = nil, origin: String = origin, mayBegin: Bool = false
  ) throws -> NotaryError? {
    do {
      _ = try begin(journal, origin: origin, mayBegin: mayBegin)
      return nil
    } catch let error as NotaryError {
      return error
    }
  }

  /// The checkpoint in the file, checked as somebody would who has the verifier key.
  private func stored(_ verifier: NoteVerifier) throws -> Checkpoint {
    let bytes = try #require(try CheckpointFile(directory).read())
    return try SignedCheckpoint(bytes, verifiedBy: verifier).checkpoint
  }

  private func root(_ size: UInt64) throws -> SHA256Digest {
    try MerkleTree(size: size, tiles: journal.makeReader()).head().root
  }

  @Test("a new log gets a key and a checkpoint", arguments: [0, 1, 255, 256, 257, 600])
  func beginning(_ count: Int) throws {
    try append(count)
    let signing = try begin(mayBegin: true)
    let checkpoint = try stored(signing.signer.verifier)
    #expect(checkpoint.origin == origin && checkpoint.size == UInt64(count))
    #expect(try checkpoint.root == root(UInt64(count)))
    #expect(try signing.sign() == false)
  }

  @Test("key and checkpoint are readable by their owner alone")
  func modes() throws {
    _ = try begin(mayBegin: true)
    for path in [directory.checkpoint, directory.keys + "/checkpoint"] {
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
      #expect(mode as? Int == 0o600, "\(path)")
    }
  }

  @Test("every checkpoint extends the one before, over starts too")
  func growth() throws {
    var last = try begin(mayBegin: true).publication.checkpoint
    for count in [1, 254, 1, 1, 300, 2_000] {
      try append(count)
      let signing = try begin()
      #expect(signing.publication.checkpoint == last)
      #expect(try signing.sign())
      let new = signing.publication.checkpoint
      let tree = MerkleTree(size: new.checkpoint.size, tiles: journal.makeReader())
      let proof = try tree.consistencyProof(from: last.checkpoint.size)
      let heads = [last, new].map {
        TreeHead(size: $0.checkpoint.size, root: $0.checkpoint.root)
      }
      #expect(heads[1].extends(heads[0], proof: proof))
      #expect(try stored(signing.signer.verifier) == new.checkpoint)
      last = new
    }
  }

  @Test("a published tree has every tile of every size up to its own")
  func tiles() throws {
    try append(70_000)
    let publication = try begin(mayBegin: true).publication
    let reader = journal.makeReader()
    let tiles = publication.tiles(reader)
    for size: UInt64 in [1, 255, 256, 257, 65_535, 65_536, 65_537, 70_000] {
      let tree = MerkleTree(size: size, tiles: tiles)
      #expect(try tree.head().root == root(size))
      #expect(
        try tree.inclusionProof(of: size / 2)
          == MerkleTree(size: size, tiles: reader).inclusionProof(of: size / 2))
    }
  }

  @Test("a missing key or checkpoint is no way around the check")
  func missing() throws {
    try append(10)
    #expect(try refusal()?.code == .keyMissing)
    _ = try begin(mayBegin: true)
    try FileManager.default.removeItem(atPath: directory.checkpoint)
    #expect(try refusal()?.code == .checkpointMissing)
    let key = try begin(mayBegin: true).signer.verifier.text
    try FileManager.default.removeItem(atPath: directory.keys + "/checkpoint")
    #expect(try refusal()?.code == .keyMissing)
    let other = try begin(mayBegin: true).signer.verifier
    #expect(other.text != key)
    #expect(try stored(other).size == 10)
  }

  @Test("only a log with neither key nor checkpoint is older than they are")
  func older() throws {
    func signing() throws -> Signing {
      try Signing(directory, journal, origin: origin, isOlder: true)
    }
    try append(10)
    _ = try signing()
    for (path, code) in [
      (directory.checkpoint, NotaryError.Code.checkpointMissing),
      (directory.keys + "/checkpoint", .keyMissing),
    ] {
      let content = try Data(contentsOf: URL(filePath: path))
      try FileManager.default.removeItem(atPath: path)
      let error = #expect(throws: NotaryError.self) { _ = try signing() }
      #expect(error?.code == code)
      try content.write(to: URL(filePath: path))
    }
  }

  @Test("who vouches for a log whose key is lost cannot vouch for one that contradicts")
  func vouching() throws {
    try append(10)
    _ = try begin(mayBegin: true)
    try FileManager.default.removeItem(atPath: directory.keys + "/checkpoint")
    #expect(try refusal(MemoryJournal(), mayBegin: true)?.code == .contradicted)
    #expect(try refusal(origin: "other.example", mayBegin: true)?.code == .foreign)
    #expect(!FileManager.default.fileExists(atPath: directory.keys + "/checkpoint"))
  }

  @Test("a log that was cut or rewritten is refused with both sizes and roots")
  func contradiction() throws {
    try append(300)
    let signed = try begin(mayBegin: true).publication.checkpoint.checkpoint
    let cut = MemoryJournal()
    try cut.append((0..<299).map { Array("event \($0)".utf8) }, at: 0)
    let rewritten = MemoryJournal()
    try rewritten.append((0..<400).map { Array("event \($0 == 17 ? 18 : $0)".utf8) }, at: 0)
    for journal in [cut, rewritten] {
      let error = try #require(try refusal(journal, mayBegin: true))
      let head = try MerkleTree(size: journal.head, tiles: journal.makeReader()).head()
      #expect(error.code == .contradicted)
      for text in [
        "size 300", "size \(head.size)", Base64.encode(signed.root.bytes),
        Base64.encode(head.root.bytes),
      ] { #expect(error.description.contains(text)) }
    }
    #expect(try refusal() == nil)
  }

  @Test("the key and the checkpoint of another log are refused")
  func foreign() throws {
    try append(10)
    _ = try begin(mayBegin: true)
    #expect(try refusal(origin: "other.example")?.code == .foreign)
    let other = try NoteSigner(name: origin, privateKey: .generate())
    let bytes = try SignedCheckpoint(size: 10, root: root(10), signedBy: other).bytes
    try Data(bytes).write(to: URL(filePath: directory.checkpoint))
    #expect(try refusal()?.code == .foreign)
    #expect(try refusal(mayBegin: true)?.code == .foreign)
  }

  @Test("every changed bit of the checkpoint is noticed")
  func flippedBits() throws {
    try append(10)
    _ = try begin(mayBegin: true)
    let bytes = try #require(try CheckpointFile(directory).read())
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= 1 << UInt8(index % 8)
      try Data(changed).write(to: URL(filePath: directory.checkpoint))
      #expect(try refusal()?.code == .foreign, "byte \(index)")
    }
    try Data().write(to: URL(filePath: directory.checkpoint))
    #expect(try refusal()?.code == .foreign)
  }

  @Test("nothing is signed that the journal's tiles do not lead to")
  func otherTiles() throws {
    let signing = try Signing(
      directory, OtherTiles(journal), origin: origin, mayBegin: true)
    try append(255)
    #expect(try signing.sign())
    try append(1)
    let error = #expect(throws: NotaryError.self) { try signing.sign() }
    #expect(error?.code == .damaged)
    #expect(signing.publication.size == 255)
    #expect(try stored(signing.signer.verifier).size == 255)
  }

  @Test("what cannot be made durable is not published, and is tried again")
  func failure() throws {
    try append(1)
    let signing = try begin(mayBegin: true)
    try append(1)
    let obstacle = directory.checkpoint + ".new"
    try FileManager.default.createDirectory(atPath: obstacle, withIntermediateDirectories: false)
    let error = #expect(throws: NotaryError.self) { try signing.sign() }
    #expect(error?.code == .file)
    #expect(signing.publication.size == 1)
    try FileManager.default.removeItem(atPath: obstacle)
    #expect(try signing.sign())
    #expect(try stored(signing.signer.verifier).size == 2)
  }

  @Test("the thread covers an event within a second, and the last ones when it ends")
  func thread() throws {
    try append(1)
    let notary = Notary.start(try begin(mayBegin: true)) { _ in }
    for size: UInt64 in 2...3 {
      try append(1)
      let start = ContinuousClock.now
      #expect(Self.wait(for: size - 1, notary)?.size == size)
      #expect(ContinuousClock.now - start < .seconds(1.5))
    }
    #expect(Self.wait(for: 0, notary)?.size == 3)
    try append(1)
    notary.stop()
    #expect(try stored(notary.verifier).size == 4)
    #expect(notary.publication.size == 4)
  }

  @Test("who waits is told when a checkpoint cannot be made, and it is said once")
  func failingThread() throws {
    try append(1)
    let changes = Mutex<[String]>([])
    let notary = Notary.start(try begin(mayBegin: true)) { error in
      changes.withLock { $0.append(error == nil ? "well" : "fault") }
    }
    let obstacle = directory.checkpoint + ".new"
    try FileManager.default.createDirectory(atPath: obstacle, withIntermediateDirectories: false)
    try append(1)
    for _ in 0..<2 { #expect(Self.wait(for: 1, notary) == nil) }
    #expect(notary.failures == 2 && notary.publication.size == 1)
    try FileManager.default.removeItem(atPath: obstacle)
    #expect(Self.wait(for: 1, notary)?.size == 2)
    notary.stop()
    #expect(changes.withLock { $0 } == ["fault", "well"])
  }

  @Test("a log that could not be written is not signed for")
  func ending() throws {
    try append(1)
    let notary = Notary.start(try begin(mayBegin: true)) { _ in }
    try append(1)
    notary.stop(isWell: false)
    #expect(Self.wait(for: 5, notary) == nil)
    #expect(notary.publication.size <= 2)
  }

  private static func wait(for position: UInt64, _ notary: Notary) -> Publication? {
    let done = DispatchSemaphore(value: 0)
    let found = Mutex<Publication?>(nil)
    notary.cover(position) { publication in
      found.withLock { $0 = publication }
      done.signal()
    }
    done.wait()
    return found.withLock { $0 }
  }
}

/// A journal whose stored tiles are not those of its events.
private final class OtherTiles: Journal {
  private let journal: MemoryJournal

  init(_ journal: MemoryJournal) { self.journal = journal }

  var head: UInt64 { journal.head }
  func reserve() {}
  func append(_ events: [[UInt8]], at position: UInt64) throws(JournalError) {
    try journal.append(events, at: position)
  }
  func makeReader() -> any JournalReader { Reader(journal.makeReader()) }
  func usage() -> StorageUsage? { nil }

  private final class Reader: JournalReader {
    private let reader: any JournalReader

    init(_ reader: any JournalReader) { self.reader = reader }

    func head() throws(JournalError) -> UInt64 { try reader.head() }
    func event(at position: UInt64) throws(JournalError) -> [UInt8]? {
      try reader.event(at: position)
    }
    func scan(from position: UInt64, _ body: (Span<UInt8>) -> Bool) throws(JournalError) {
      try reader.scan(from: position, body)
    }
    func events(
      from position: UInt64, limit: Int, maximumBytes: Int
    ) throws(JournalError) -> [[UInt8]] {
      try reader.events(from: position, limit: limit, maximumBytes: maximumBytes)
    }
    func hashes(of tile: Tile) throws -> [SHA256Digest] { try reader.hashes(of: tile) }
    var hasTiles: Bool { reader.hasTiles }
    func storedTile(_ tile: Tile) throws(JournalError) -> [UInt8]? {
      guard var bytes = try reader.storedTile(tile) else { return nil }
      bytes[100] ^= 1
      return bytes
    }
  }
}
