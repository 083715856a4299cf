import Journal
import Ledger

extension JournalReader {
  /// Some of the next events, at least one: 4 MiB and not much more, so that a large log takes as
  /// little memory as a small one.
  ///
  /// - Parameter end: behind the start.
  /// - Throws: `JournalError`, also when there is none.
  func page(from start: Position, to end: Position) throws -> [[UInt8]] {
    let events = try events(
      from: start, limit: Int(min(16_384, end - start)), maximumBytes: 4 << 20)
    guard !events.isEmpty else {
      throw JournalError(.damaged, "the event at position \(start) is missing")
    }
    return events
  }
}
