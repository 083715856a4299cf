import HTTPServer
import Networks

/// What the flags of `tallystick serve` say.
struct ServeOptions {
  static let withValue = [
    "data", "listen", "loops", "tls-certificate", "tls-key", "client-ca", "trusted-proxy",
    "drain-delay",
  ]
  static let plain = ["confirm-checkpoint", "confirm-clock", "log-requests"]

  let configuration: Configuration
  let isClockConfirmed: Bool
  /// Whether an operator vouches for a log whose last checkpoint or key is lost.
  let isCheckpointConfirmed: Bool
  let logsRequests: Bool
  /// Seconds from the signal to stop until new connections are refused.
  let drainDelay: Double

  init(_ options: Options) throws(Failure) {
    var configuration = Configuration(
      addresses: try Self.addresses(options["listen"] ?? "127.0.0.1:8080"),
      tls: try Self.tls(options), trustedProxies: try Self.proxies(options["trusted-proxy"] ?? ""))
    if let loops = try Self.number("loops", options, 1...256) { configuration.loops = loops }
    self.configuration = configuration
    isClockConfirmed = options.has("confirm-clock")
    isCheckpointConfirmed = options.has("confirm-checkpoint")
    logsRequests = options.has("log-requests")
    drainDelay = Double(try Self.number("drain-delay", options, 0...8) ?? 0)
  }

  private static func addresses(_ list: String) throws(Failure) -> [ListenAddress] {
    var addresses: [ListenAddress] = []
    for item in list.split(separator: ",", omittingEmptySubsequences: false) {
      guard let address = ListenAddress(item) else {
        throw Failure(
          .usage,
          "--listen takes HOST:PORT with a numeric host, unix:PATH or systemd; not '\(item)'")
      }
      addresses.append(address)
    }
    return addresses
  }

  private static func tls(_ options: Options) throws(Failure) -> TLSFiles? {
    let authorities = options["client-ca"]
    switch (options["tls-certificate"], options["tls-key"]) {
    case (let certificate?, let key?):
      return TLSFiles(certificate: certificate, key: key, clientAuthorities: authorities)
    case (nil, nil):
      guard authorities == nil else {
        throw Failure(.usage, "--client-ca needs --tls-certificate and --tls-key")
      }
      return nil
    default:
      throw Failure(.usage, "--tls-certificate and --tls-key are needed together")
    }
  }

  private static func proxies(_ list: String) throws(Failure) -> TrustedProxies {
    var proxies = TrustedProxies()
    for item in list.split(separator: ",") {
      if item == "unix" {
        proxies.trustsUnix = true
      } else if let network = Network(item) {
        proxies.networks.append(network)
      } else {
        throw Failure(
          .usage,
          "--trusted-proxy takes networks such as 10.0.0.0/8, addresses, or unix; not '\(item)'")
      }
    }
    return proxies
  }

  private static func number(
    _ name: String, _ options: Options, _ range: ClosedRange<Int>
  ) throws(Failure) -> Int? {
    guard let text = options[name] else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw Failure(
        .usage,
        "--\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }
}
