import Cryptography
package import Journal
import Ledger
package import MerkleLog

/// A new log, made of events that stood elsewhere: byte for byte, each checked as `verify` checks it.
@available(*, noasync)
package struct LogCopy {
  /// At most so many events, and not much more than so many bytes, are made durable at a time.
  private static let batch = (events: 1_024, bytes: 4 << 20)

  private let journal: any Journal
  private var checker = SequenceChecker(next: 0)
  private var edge = TreeEdge()
  private var waiting: [[UInt8]] = []
  private var waitingBytes = 0

  /// - Parameter journal: an empty one.
  package init(_ journal: any Journal) { self.journal = journal }

  /// The number of events.
  package var count: UInt64 { edge.size }

  /// - Throws: `Verification.Fault` for bytes that cannot be the next event of a log; `JournalError`.
  package mutating func append(_ record: [UInt8]) throws {
    guard record.count <= Event.maximumSize else {
      throw Verification.Fault(event: count, "is larger than an event may be")
    }
    try checker.check(record.span)
    edge.append(recordHash(record)) { _, _ in }
    waiting.append(record)
    waitingBytes += record.count
    guard waiting.count < Self.batch.events, waitingBytes < Self.batch.bytes else {
      return try store()
    }
  }

  /// Reads back what was stored, when the last event is there.
  ///
  /// - Throws: `Verification.Fault` when the last command is not whole.
  package mutating func finish() throws -> TreeHead {
    try checker.finish()
    guard count > 0 else { throw Verification.Fault(0, "there are no events") }
    try store()
    guard try Self.readBack(journal) == edge.head else {
      throw BackupError(.damaged, "the new log does not hold what was written to it")
    }
    return edge.head
  }

  private mutating func store() throws {
    guard !waiting.isEmpty else { return }
    try journal.reserve()
    try journal.append(waiting, at: journal.head)
    waiting.removeAll(keepingCapacity: true)
    waitingBytes = 0
  }

  /// The head over the stored events; nil when the stored tiles give another.
  private static func readBack(_ journal: any Journal) throws -> TreeHead? {
    let reader = try journal.makeReader()
    var edge = TreeEdge()
    while case let events = try reader.events(
      from: edge.size, limit: 1_000, maximumBytes: batch.bytes), !events.isEmpty
    {
      for event in events { edge.append(recordHash(event)) { _, _ in } }
    }
    let stored = try MerkleTree(size: reader.head(), tiles: reader).head()
    return stored == edge.head ? stored : nil
  }
}
