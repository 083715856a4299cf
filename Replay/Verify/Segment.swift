import Journal
import Ledger

/// A part of the log that is checked in one go.
struct Segment: Sendable {
  /// Events in all segments but the last.
  static let size: UInt64 = 1_024

  let positions: Range<Position>
  let isLast: Bool

  /// - Parameter head: of the log; beyond the segment's first position.
  init(number: UInt64, head: UInt64) {
    positions = number * Self.size..<min(head, (number + 1) * Self.size)
    isLast = positions.upperBound == head
  }

  /// What was found in a segment.
  struct Findings: Sendable {
    /// Events that are right, from the first on.
    let events: UInt64
    let fault: Verification.Fault?
  }

  func check(_ reader: any JournalReader) -> Findings {
    var checker = SequenceChecker(next: positions.lowerBound)
    do {
      if positions.lowerBound > 0 { try checker.follow(reader) }
      try check(reader, with: &checker)
      if isLast { try checker.finish() }
      return Findings(events: checker.next - positions.lowerBound, fault: nil)
    } catch {
      return Findings(events: checker.next - positions.lowerBound, fault: error)
    }
  }

  private func check(
    _ reader: any JournalReader, with checker: inout SequenceChecker
  ) throws(Verification.Fault) {
    var fault: Verification.Fault?
    do {
      try reader.scan(from: positions.lowerBound) { event in
        do throws(Verification.Fault) {
          try checker.check(event)
          return checker.next < positions.upperBound
        } catch {
          fault = error
          return false
        }
      }
    } catch {
      throw checker.fault("cannot be read: \(error)")
    }
    if let fault { throw fault }
    guard checker.next == positions.upperBound else { throw checker.fault("is missing") }
  }
}
