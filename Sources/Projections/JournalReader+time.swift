package import Journal
package import Ledger

extension JournalReader {
  /// The last event recorded at or before a time; nil when there is none. Times never run
  /// backwards, and the events of a command have one.
  package func lastPosition(at time: Timestamp, below head: Position) throws -> Position? {
    var (low, high) = (Position(0), head)
    while low < high {
      let middle = low + (high - low) / 2
      guard let bytes = try event(at: middle) else { return nil }
      if try Event(canonicalBytes: bytes).recorded <= time {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low == 0 ? nil : low - 1
  }
}
