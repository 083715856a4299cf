import Cryptography
import Journal
import Ledger
import MerkleLog

/// A part of the log that is checked in one go.
struct Segment: Sendable {
  /// Events in all segments but the last.
  private static let size: UInt64 = 1_024

  private let positions: Range<Position>
  private let isLast: Bool

  /// - Parameter head: of the log; beyond the segment's first position.
  init(number: UInt64, head: UInt64) {
    positions = number * Self.size..<min(head, (number + 1) * Self.size)
    isLast = positions.upperBound == head
  }

  /// How many segments a log has.
  static func count(head: UInt64) -> Int { Int(head / size) + (head % size == 0 ? 0 : 1) }

  /// How many events are hashed and not looked into when looking begins at `start`.
  static func hashedAlone(from start: Position, head: UInt64) -> UInt64 {
    start < head ? start / size * size : head
  }

  /// What was found in a segment.
  struct Findings: Sendable {
    /// The hashes of the events that are right, from the first on.
    let records: [SHA256Digest]
    /// The keys that they activate.
    let keys: [LoggedKey]
    /// The last name that they give the log; nil when they give none.
    let origin: String?
    let fault: Verification.Fault?
  }

  /// - Parameter start: in a segment that ends before it events are hashed alone.
  func check(_ reader: any JournalReader, from start: Position) -> Findings {
    var checker = SequenceChecker(next: positions.lowerBound)
    var records: [SHA256Digest] = []
    records.reserveCapacity(positions.count)
    let looksInside = positions.upperBound > start
    func findings(_ fault: Verification.Fault?) -> Findings {
      Findings(records: records, keys: checker.keys, origin: checker.origin, fault: fault)
    }
    do {
      if looksInside, positions.lowerBound > 0 { try checker.follow(reader) }
      try read(reader) { (event) throws(Verification.Fault) in
        let record = recordHash(event)
        if looksInside { try checker.check(event) }
        records.append(record)
      }
      if looksInside, isLast { try checker.finish() }
      return findings(nil)
    } catch {
      return findings(error)
    }
  }

  /// Lends the segment's events, which are all there and no larger than events may be.
  private func read(
    _ reader: any JournalReader, _ body: (Span<UInt8>) throws(Verification.Fault) -> Void
  ) throws(Verification.Fault) {
    var next = positions.lowerBound
    var fault: Verification.Fault?
    do {
      // The first event behind the segment is not looked at: the reader saw that nothing stands
      // between them.
      try reader.scan(from: next) { event in
        guard next < positions.upperBound else { return false }
        do throws(Verification.Fault) {
          guard event.count <= Event.maximumSize else {
            throw Verification.Fault(event: next, "is larger than an event may be")
          }
          try body(event)
          next += 1
        } catch {
          fault = error
        }
        return fault == nil
      }
    } catch {
      throw Verification.Fault(event: next, "cannot be read: \(error)")
    }
    if let fault { throw fault }
    guard next == positions.upperBound else {
      throw Verification.Fault(event: next, "is missing")
    }
  }
}
