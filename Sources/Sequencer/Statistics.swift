package import Ledger
package import Metrics

/// What the sequencer has done since it began.
package struct Statistics: Sendable {
  /// How many events the batches had that were made durable.
  package private(set) var batchEvents = Histogram(
    bounds: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024])
  /// How many microseconds each of these batches took to get durable and into the state.
  package private(set) var commitMicroseconds = Histogram.ofDurations
  /// Events of tokens among them.
  package private(set) var tokensIssued: UInt64 = 0
  /// The time of the last event in the log; 1970 in an empty one.
  package private(set) var lastEvent: Timestamp
  /// What commands came to.
  package private(set) var outcomes: [Outcome.Kind: UInt64] = [:]

  init(lastEvent: Timestamp) { self.lastEvent = lastEvent }

  mutating func count(_ outcome: Outcome) { outcomes[outcome.kind, default: 0] += 1 }

  mutating func count(_ result: BatchResult) {
    for (_, outcome) in result.outcomes { count(outcome) }
    guard let commit = result.commit else { return }
    batchEvents.add(UInt64(commit.events))
    commitMicroseconds.add(UInt64(max(commit.microseconds, 0)))
    tokensIssued += UInt64(commit.tokens)
    lastEvent = commit.recorded
  }
}
