import CanonicalJSON
import Cryptography
import Journal
import Ledger
import MerkleLog
import Replay
import Support
import Testing

@Suite("evidence bundles")
struct EvidenceTests {
  /// What is needed to prove that the key of a recorded ledger signed its tokens.
  private struct Log {
    let journal = MemoryJournal()
    let events: [[UInt8]]
    /// The subject of the second event, a key: tokens name it.
    let key: Identifier
    let signer: NoteSigner

    /// - Parameter origin: that of the ledger unless given.
    init(_ ledger: RecordedLedger, origin: String? = nil) throws {
      events = try ledger.events()
      try journal.append(events, at: 0)
      key = try Event(canonicalBytes: events[1]).subject
      let first = try JSON.parse(events[0])["data"]?["origin"]?.string
      signer = try NoteSigner(name: origin ?? #require(first), privateKey: .generate())
    }

    func checkpoint(_ size: UInt64) throws -> SignedCheckpoint {
      let head = try MerkleTree(size: size, tiles: journal.makeReader()).head()
      return try SignedCheckpoint(size: size, root: head.root, signedBy: signer)
    }

    func bundle(_ checkpoint: SignedCheckpoint) throws -> (Evidence, [UInt8]) {
      var bytes: [UInt8] = []
      let evidence = try Replay.bundle(
        journal, of: key, provenBy: checkpoint, signer.verifier, write: { bytes += $0 })
      return (evidence, bytes)
    }

    func naming(_ events: some Sequence<[UInt8]>) -> Int {
      events.count { Mention(key).stands(in: $0) }
    }
  }

  @Test("of every recorded ledger, at some sizes", arguments: try RecordedLedger.all())
  func corpus(_ ledger: RecordedLedger) throws {
    let log = try Log(ledger)
    for size in [2, 9, log.events.count - 1, log.events.count] {
      let (evidence, bytes) = try log.bundle(log.checkpoint(UInt64(size)))
      #expect(evidence.naming == log.naming(log.events[..<size]))
      #expect(evidence.leftOut == log.naming(log.events[size...]))
      let checked = try checkBundle(bytes, key: log.signer.verifier)
      #expect(checked.naming == evidence.naming && checked.events == evidence.events)
      #expect(checked.notes == [])
    }
  }

  @Test("a checkpoint whose log no event begins is refused")
  func origin() throws {
    let log = try Log(RecordedLedger(name: "tokens"), origin: "other.example")
    let (_, bytes) = try log.bundle(log.checkpoint(300))
    let fault = #expect(throws: BundleFault.self) { try checkBundle(bytes) }
    #expect(fault?.what.contains("begins the log") == true)
  }

  @Test("a log is proven by its own checkpoint alone")
  func foreign() throws {
    let log = try Log(RecordedLedger(name: "tokens"))
    let good = try log.checkpoint(300)
    let other = SHA256.hash([])
    let checkpoints = [
      try SignedCheckpoint(size: 300, root: other, signedBy: log.signer),
      try SignedCheckpoint(size: 299, root: good.checkpoint.root, signedBy: log.signer),
      try SignedCheckpoint(
        size: UInt64(log.events.count) + 1, root: good.checkpoint.root, signedBy: log.signer),
    ]
    for checkpoint in checkpoints {
      #expect(throws: EvidenceError.self) { try log.bundle(checkpoint) }
    }
    #expect(throws: EvidenceError.self) { try log.bundle(log.checkpoint(1)) }
    #expect(throws: Never.self) { try log.bundle(good) }
  }
}
