internal import Glibc

/// How a server listens, and what it puts up with.
package struct Configuration: Sendable {
  /// A numeric IPv4 or IPv6 address; only loopback addresses are accepted.
  package var host: String
  /// 0 lets the system pick; ``Server/port`` tells which.
  package var port: UInt16
  /// Threads that serve, 1…256. The default is one for each core.
  package var loops: Int
  package var limits: Limits

  package init(
    host: String = "127.0.0.1", port: UInt16 = 0, loops: Int = Configuration.cores,
    limits: Limits = Limits()
  ) {
    self.host = host
    self.port = port
    self.loops = loops
    self.limits = limits
  }

  package static var cores: Int { min(max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1), 256) }

  /// Bounds on what one client may cost. Times are in seconds and kept to about a quarter of
  /// the shortest of them, or a quarter of a second, whichever is less.
  package struct Limits: Sendable {
    /// Request line and headers together, in bytes; past it 431.
    package var headBytes = 16 * 1024
    /// Past it 431.
    package var headers = 100
    /// A decoded body, in bytes; past it 413.
    package var bodyBytes = 1024 * 1024
    /// From accept, or from the first byte of a following request, to a whole head; then 408.
    package var headSeconds = 10.0
    /// From the head to a whole body; then 408.
    package var bodySeconds = 30.0
    /// Between requests, without a byte; then the connection is closed without a word.
    package var idleSeconds = 60.0
    /// Without the client taking a byte of its answer; then the connection is cut.
    package var writeSeconds = 30.0
    /// Open at a time, over all loops; the next one gets 503.
    package var connections = 4_000

    package init() {}
  }

  func validate() throws(ServerError) {
    guard (1...256).contains(loops) else {
      throw ServerError(
        code: .invalidConfiguration, description: "The number of loops must be 1 to 256.")
    }
  }
}
