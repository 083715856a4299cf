import Ledger

/// Makes the one time of each batch from two clocks, and notices when they cannot be believed.
///
/// Belongs to the sequencer's thread.
struct ClockGuard {
  /// Microseconds by which the clocks may drift apart while running.
  private static let tolerance: Int64 = 10_000_000
  /// Microseconds by which the wall clock may be behind the last event at start.
  private static let startTolerance: Int64 = 5_000_000

  private let clock: any TimeSource
  private let wallAtStart: Int64
  private let monotonicAtStart: Int64
  private(set) var last: Timestamp
  private let startedBehind: Bool

  /// - Parameters:
  ///   - last: the time of the last event in the log.
  ///   - isConfirmed: an operator vouches for the wall clock as it is now.
  init(_ clock: any TimeSource, last: Timestamp, isConfirmed: Bool) {
    self.clock = clock
    self.last = last
    wallAtStart = clock.wall()
    monotonicAtStart = clock.monotonic()
    startedBehind = !isConfirmed && wallAtStart < last.microseconds - Self.startTolerance
  }

  /// The time for the next batch, never before the last one; nil while the clock is not believed.
  mutating func stamp() -> Timestamp? {
    let wall = clock.wall()
    let drift = (wall - wallAtStart) - (clock.monotonic() - monotonicAtStart)
    guard !startedBehind, abs(drift) <= Self.tolerance else { return nil }
    last = max(Timestamp(microseconds: wall), last)
    return last
  }
}
