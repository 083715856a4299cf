import Glibc

/// Where the sequencer's time comes from: two clocks of which one can be set.
package protocol TimeSource: Sendable {
  /// Microseconds since 1970, by the clock that people set.
  func wall() -> Int64
  /// Microseconds since some moment, by the clock that nobody sets.
  func monotonic() -> Int64
}

/// The machine's clocks.
package struct SystemTime: TimeSource {
  package init() {}

  package func wall() -> Int64 { Self.microseconds(CLOCK_REALTIME) }

  /// Boot time counts sleep too, so a suspended machine does not look like a clock that was set.
  package func monotonic() -> Int64 { Self.microseconds(CLOCK_BOOTTIME) }

  private static func microseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
  }
}
