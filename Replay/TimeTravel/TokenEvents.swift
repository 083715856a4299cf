package import Journal
package import Ledger
import Projections

extension JournalReader {
  /// The event that issued a token; nil when none of the first `head` events did. It is looked for
  /// about the time in the identifier first, and in the whole log then: that time proves nothing.
  package func tokenEvent(_ id: Identifier, head: Position) throws -> Event? {
    let made = Int64(clamping: id.milliseconds) * 1_000
    func place(_ seconds: Int64) throws -> Position {
      let time = Timestamp(microseconds: max(0, min(made, 1 << 60) + seconds * 1_000_000))
      return try lastPosition(at: time, below: head).map { $0 + 1 } ?? 0
    }
    let likely = try place(-10)..<place(120)
    return try tokenEvent(id, in: likely) ?? tokenEvent(id, in: 0..<likely.lowerBound)
      ?? tokenEvent(id, in: likely.upperBound..<head)
  }

  /// Lends the tokens that were issued at some positions, in the order of the log.
  @available(*, noasync)
  func forEachToken(in range: Range<Position>, _ body: (IssuedToken) throws -> Void) throws {
    var next = range.lowerBound
    while next < range.upperBound {
      let stored = try events(
        from: next, limit: Int(min(16_384, range.upperBound - next)), maximumBytes: 8 << 20)
      guard !stored.isEmpty else {
        throw JournalError(.damaged, "the event at position \(next) is missing")
      }
      for event in mapConcurrently(stored, tokenOnly) {
        if let token = try event?.event(at: next) { try IssuedToken(token).map(body) }
        next += 1
      }
    }
  }

  private func tokenEvent(_ id: Identifier, in range: Range<Position>) throws -> Event? {
    let end = Array(",\"subject\":\"\(id.text)\",\"type\":\"\(TokenIssued.type)\"}".utf8)
    var next = range.lowerBound
    while next < range.upperBound {
      let stored = try events(
        from: next, limit: Int(min(16_384, range.upperBound - next)), maximumBytes: 8 << 20)
      guard !stored.isEmpty else { return nil }
      if let found = stored.first(where: { $0.suffix(end.count).elementsEqual(end) }) {
        return try Event(canonicalBytes: found)
      }
      next += Position(stored.count)
    }
    return nil
  }
}

/// Nil for stored bytes that issue no token.
@Sendable private func tokenOnly(_ bytes: [UInt8]) -> Result<Event, any Error>? {
  isTokenIssued(bytes) ? Result { try Event(canonicalBytes: bytes) } : nil
}

/// A token and where it was asked for from.
package struct FoundToken {
  package let token: IssuedToken
  package let address: String

  /// Nil unless the event issued a token.
  init?(_ event: Event) {
    guard let token = IssuedToken(event), case .client(_, let address, _) = event.actor else {
      return nil
    }
    self.token = token
    self.address = address
  }
}
