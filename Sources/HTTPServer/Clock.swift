internal import Glibc

/// The time as one loop sees it: read once for each batch of events.
struct Clock {
  /// Milliseconds of the monotonic clock.
  private(set) var now: Int64 = 0
  /// A whole `Date` header line, RFC 9110, section 6.6.1; made again when the second changes.
  private(set) var dateLine: [UInt8] = []
  private var second: time_t = -1

  init() { update() }

  mutating func update() {
    now = Clock.nanoseconds(CLOCK_MONOTONIC_COARSE) / 1_000_000
    let current = time_t(Clock.nanoseconds(CLOCK_REALTIME_COARSE) / 1_000_000_000)
    guard current != second else { return }
    second = current
    dateLine = Array("Date: \(Clock.httpDate(current))\r\n".utf8)
  }

  /// Microseconds of the monotonic clock, exact; for durations.
  static var microseconds: UInt64 { UInt64(nanoseconds(CLOCK_MONOTONIC) / 1000) }

  /// Seconds of a configuration in milliseconds, at least one.
  static func milliseconds(_ seconds: Double) -> Int64 {
    Int64(min(max(seconds * 1000, 1), 1e15))
  }

  /// An IMF-fixdate of RFC 9110, section 5.6.7; the names are English as long as nobody leaves
  /// the C locale.
  static func httpDate(_ second: time_t) -> String {
    var second = second
    var parts = unsafe tm()
    var text = [UInt8](repeating: 0, count: 40)
    let count = unsafe text.withUnsafeMutableBytes { bytes in
      unsafe gmtime_r(&second, &parts)
      let characters = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
      return unsafe strftime(characters, bytes.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
    }
    return String(decoding: text.prefix(count), as: UTF8.self)
  }

  private static func nanoseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
