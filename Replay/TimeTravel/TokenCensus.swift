import Journal
import Ledger
import Projections

/// How many tokens were good at a moment.
struct TokenCensus {
  private(set) var total: UInt64 = 0
  private(set) var byClient: [Identifier: UInt64] = [:]
  private(set) var bySecret: [Identifier: UInt64] = [:]

  private static let step: Position = 16_384

  /// Goes through the tokens that could be good: none lives longer than a day.
  ///
  /// - Parameter state: of the moment.
  @available(*, noasync)
  init(_ state: PastState, _ moment: PastMoment, _ reader: any JournalReader) throws {
    let oldest = moment.time.microseconds - ClientMetadata.maximumTokenLifetime * 1_000_000
    let before = Timestamp(microseconds: max(0, oldest - 1_000_000))
    let end = moment.position + 1
    var next = try reader.lastPosition(at: before, below: end).map { $0 + 1 } ?? 0
    while next < end {
      let stored = try reader.events(
        from: next, limit: Int(min(Self.step, end - next)), maximumBytes: 8 << 20)
      guard !stored.isEmpty else {
        throw JournalError(.damaged, "the event at position \(next) is missing")
      }
      for event in mapConcurrently(stored, Self.read) {
        if let event { try count(event.event(at: next), in: state, at: moment.time) }
        next += 1
      }
    }
  }

  /// Nil for an event that issues no token.
  @Sendable private static func read(_ bytes: [UInt8]) -> Result<Event, any Error>? {
    isTokenIssued(bytes) ? Result { try Event(canonicalBytes: bytes) } : nil
  }

  private mutating func count(_ event: Event, in state: PastState, at time: Timestamp) throws {
    guard let token = IssuedToken(event), try token.isActive(in: state, at: time) else { return }
    total += 1
    byClient[token.client, default: 0] += 1
    bySecret[token.data.secret, default: 0] += 1
  }
}
