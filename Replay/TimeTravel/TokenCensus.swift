import Journal
import Ledger
import Projections

/// How many tokens were good at a moment.
struct TokenCensus {
  private(set) var total: UInt64 = 0
  private(set) var byClient: [Identifier: UInt64] = [:]
  private(set) var bySecret: [Identifier: UInt64] = [:]

  /// Goes through the tokens that could be good: none lives longer than a day.
  ///
  /// - Parameter state: of the moment.
  @available(*, noasync)
  init(_ state: PastState, _ moment: PastMoment, _ reader: any JournalReader) throws {
    let oldest = moment.time.microseconds - ClientMetadata.maximumTokenLifetime * 1_000_000
    let before = Timestamp(microseconds: max(0, oldest - 1_000_000))
    let first = try reader.lastPosition(at: before, below: moment.position + 1).map { $0 + 1 } ?? 0
    try reader.forEachToken(in: first..<moment.position + 1, goodAt: moment.time) { token in
      try count(token, in: state, at: moment.time)
    }
  }

  private mutating func count(
    _ token: IssuedToken, in state: PastState, at time: Timestamp
  ) throws {
    guard try token.isActive(in: state, at: time) else { return }
    total += 1
    byClient[token.client, default: 0] += 1
    bySecret[token.data.secret, default: 0] += 1
  }
}
