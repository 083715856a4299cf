package import Journal
package import Ledger

/// A token has no row: its event is found by what its identifier says of time, or by looking.
extension JournalReader {
  /// Where the event of a token is to be expected: soon behind the time in its identifier, which
  /// proves nothing.
  ///
  /// - Parameter head: the number of events that count.
  package func likelyPlaces(ofToken id: Identifier, head: Position) throws -> Range<Position> {
    let made = Int64(clamping: id.milliseconds) * 1_000
    func place(_ seconds: Int64) throws -> Position {
      let time = Timestamp(microseconds: max(0, min(made, 1 << 60) + seconds * 1_000_000))
      return try lastPosition(at: time, below: head).map { $0 + 1 } ?? 0
    }
    return try place(-10)..<place(120)
  }

  /// The event that issued a token; nil when none at these positions did.
  package func tokenEvent(_ id: Identifier, in range: Range<Position>) throws -> Event? {
    let end = Array(",\"subject\":\"\(id.text)\",\"type\":\"\(TokenIssued.type)\"}".utf8)
    var next = range.lowerBound
    while next < range.upperBound {
      let limit = Int(min(4_096, range.upperBound - next))
      let stored = try events(from: next, limit: limit, maximumBytes: 2 << 20)
      guard !stored.isEmpty else { return nil }
      if let found = stored.first(where: { $0.suffix(end.count).elementsEqual(end) }) {
        return try Event(canonicalBytes: found)
      }
      next += Position(stored.count)
    }
    return nil
  }
}
