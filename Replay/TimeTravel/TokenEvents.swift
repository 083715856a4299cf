import CanonicalJSON
import Journal
import Ledger
import Projections

extension JournalReader {
  /// The event that issued a token; nil when none of the first `head` events did. It is looked for
  /// where it is to be expected first, and in the whole log then.
  func tokenEvent(_ id: Identifier, head: Position) throws -> Event? {
    let likely = try likelyPlaces(ofToken: id, head: head)
    return try tokenEvent(id, in: likely) ?? tokenEvent(id, in: 0..<likely.lowerBound)
      ?? tokenEvent(id, in: likely.upperBound..<head)
  }

  /// Lends the tokens that were issued at some positions, in the order of the log.
  ///
  /// - Parameter time: leave out tokens that had expired at this time, which is told from their bytes
  ///   and costs little; nil for all.
  @available(*, noasync)
  func forEachToken(
    in range: Range<Position>, goodAt time: Timestamp? = nil,
    _ body: (IssuedToken) throws -> Void
  ) throws {
    var next = range.lowerBound
    while next < range.upperBound {
      let stored = try page(from: next, to: range.upperBound)
      let start = next
      let places = stored.indices.filter { isTokenIssued(stored[$0]) }
      let tokens = mapConcurrently(places) { place in
        Result { try token(stored[place], at: start + Position(place), goodAt: time) }
      }
      for token in tokens { try token.get().map(body) }
      next += Position(stored.count)
    }
  }
}

/// Nil for one that had expired.
@Sendable private func token(
  _ bytes: [UInt8], at position: Position, goodAt time: Timestamp?
) throws -> IssuedToken? {
  if let time, hasExpired(expiry(of: bytes), at: time) { return nil }
  return IssuedToken(try Result { try Event(canonicalBytes: bytes) }.event(at: position))
}

/// Nil where stored bytes do not say it.
private func expiry(of bytes: [UInt8]) -> Int64? {
  let finder = MemberFinder(bytes)
  return finder.value(of: dataName).flatMap { finder.value(of: expiryName, in: $0) }
    .flatMap(finder.integer)
}

private let dataName = Array("data".utf8)
private let expiryName = Array("exp".utf8)
