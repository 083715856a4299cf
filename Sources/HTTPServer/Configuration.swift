internal import Glibc
internal import Networks

/// How a server listens, and what it puts up with.
package struct Configuration: Sendable {
  /// At least one. Off loopback, TLS or trusted proxies are needed.
  package var addresses: [ListenAddress]
  /// With it, TLS is spoken on every address but Unix-domain sockets.
  package var tls: TLSFiles?
  /// Who may say for whom a request is made, with `X-Forwarded-For` and `X-Request-Id`. Off
  /// loopback, plain HTTP is spoken with these alone.
  package var trustedProxies: TrustedProxies
  /// Threads that serve, 1…256. The default is one for each core.
  package var loops: Int
  package var limits: Limits

  package init(
    addresses: [ListenAddress], tls: TLSFiles? = nil, trustedProxies: TrustedProxies = .init(),
    loops: Int = Configuration.cores, limits: Limits = Limits()
  ) {
    self.addresses = addresses
    self.tls = tls
    self.trustedProxies = trustedProxies
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
    /// From accept (so with the handshake of TLS), or from the first byte of a following request,
    /// to a whole head; then 408, or nothing during a handshake.
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
    guard !addresses.isEmpty else {
      throw ServerError(
        code: .invalidConfiguration, description: "There is no address to listen on.")
    }
    guard addresses.count(where: { $0 == .inherited }) <= 1 else {
      throw ServerError(
        code: .invalidConfiguration, description: "Sockets can be inherited once only.")
    }
    for address in addresses { try permit(endpoint(address)) }
  }

  func endpoint(_ address: ListenAddress) -> Endpoint {
    if case .unix = address { return Endpoint(address: address, isSecure: false) }
    return Endpoint(address: address, isSecure: tls != nil)
  }

  /// What is said in the clear must not leave the machine, but to proxies that were named.
  func permit(_ endpoint: Endpoint) throws(ServerError) {
    guard case .internet(let host, _) = endpoint.address, !endpoint.isSecure, !host.isLoopback,
      trustedProxies.networks.isEmpty
    else { return }
    throw ServerError(
      code: .notLoopback,
      description: "\(host) is not a loopback address, and plain HTTP is spoken on loopback only;"
        + " use TLS, or name the proxies in front that speak it.")
  }
}
