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
  /// The two clocks at the moment from which their drift counts.
  private var base: (wall: Int64, monotonic: Int64)
  private(set) var last: Timestamp
  private var isBehind: Bool

  /// - Parameters:
  ///   - last: the time of the last event in the log.
  ///   - isConfirmed: an operator vouches for the wall clock as it is now.
  init(_ clock: any TimeSource, last: Timestamp, isConfirmed: Bool) {
    self.clock = clock
    self.last = last
    base = (clock.wall(), clock.monotonic())
    isBehind = !isConfirmed && base.wall < last.microseconds - Self.startTolerance
  }

  /// Microseconds since some moment, for durations.
  var monotonic: Int64 { clock.monotonic() }

  /// The time for the next batch, never before the last one; nil while the clock is not believed.
  mutating func stamp() -> Timestamp? {
    let (wall, monotonic) = (clock.wall(), clock.monotonic())
    if isBehind {
      guard wall >= last.microseconds - Self.startTolerance else { return nil }
      isBehind = false
      base = (wall, monotonic)
    }
    guard abs((wall - base.wall) - (monotonic - base.monotonic)) <= Self.tolerance else {
      return nil
    }
    last = max(Timestamp(microseconds: wall), last)
    return last
  }
}
