import Networks

/// Where a request comes from, as attempts are counted and recorded: an IPv4 address, the /64 of an
/// IPv6 one, since a host has all addresses of that to choose from (RFC 8981), or `unix`.
struct Source: Hashable, Sendable {
  let text: String

  /// - Parameter peer: as `Request.peer`.
  init(peer: String) {
    guard let address = NetworkAddress(peer), !address.isIPv4 else {
      text = peer
      return
    }
    text = Network(of: address, length: 64).description
  }
}
