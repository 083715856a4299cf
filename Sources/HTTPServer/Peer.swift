internal import Networks

/// Who is at the other end of a connection.
enum Peer: Sendable {
  case internet(NetworkAddress)
  case unix

  /// As it stands in logs: the numeric address, or `unix`.
  var text: String {
    switch self {
    case .internet(let address): address.description
    case .unix: "unix"
    }
  }

  /// Whether nobody between can read what is said.
  var isLocal: Bool {
    switch self {
    case .internet(let address): address.isLoopback
    case .unix: true
    }
  }

  func isTrusted(by proxies: TrustedProxies) -> Bool {
    switch self {
    case .internet(let address): proxies.trusts(address)
    case .unix: proxies.trustsUnix
    }
  }
}

/// A connection that was accepted and has no loop yet.
struct Arrival: Sendable {
  let descriptor: Int32
  let peer: Peer
  /// Nil for plain HTTP.
  let tls: TLSContext?
}
