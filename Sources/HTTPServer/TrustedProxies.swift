package import Networks

/// Who may say for whom a request is made.
package struct TrustedProxies: Sendable {
  package var networks: [Network]
  /// Whether who connects to a Unix-domain socket is a proxy.
  package var trustsUnix: Bool

  package init(networks: [Network] = [], trustsUnix: Bool = false) {
    self.networks = networks
    self.trustsUnix = trustsUnix
  }

  func trusts(_ address: NetworkAddress) -> Bool { networks.contains { $0.contains(address) } }

  /// The client's address: the rightmost hop of `X-Forwarded-For` that is not a trusted proxy
  /// itself. What stands left of it anybody may have written. If all hops are trusted, the
  /// leftmost; nil without any.
  ///
  /// - Parameter values: the values of all such headers, in order.
  /// - Throws: ``Refusal/invalidForwardedFor`` when a hop that counts is not an address.
  func client(_ values: [String]) throws(Refusal) -> NetworkAddress? {
    var client: NetworkAddress?
    for value in values.reversed() {
      for hop in value.split(separator: ",", omittingEmptySubsequences: false).reversed() {
        guard let address = Self.address(hop) else { throw .invalidForwardedFor }
        client = address
        if !trusts(address) { return address }
      }
    }
    return client
  }

  /// An address with or without a port, IPv6 with or without brackets: proxies write all forms.
  private static func address(_ hop: Substring) -> NetworkAddress? {
    let text = hop.drop { $0 == " " || $0 == "\t" }.trimmingSuffix { $0 == " " || $0 == "\t" }
    if let address = NetworkAddress(text) { return address }
    guard let colon = text.lastIndex(of: ":") else { return bracketed(text) }
    let port = text[text.index(after: colon)...]
    guard port.allSatisfy(\.isASCIIDigit), UInt16(port) != nil else { return bracketed(text) }
    let host = text[..<colon]
    return host.contains(":") ? bracketed(host) : NetworkAddress(host)
  }

  private static func bracketed(_ text: Substring) -> NetworkAddress? {
    guard text.hasPrefix("["), text.hasSuffix("]"), text.contains(":") else { return nil }
    return NetworkAddress(text.dropFirst().dropLast())
  }
}

extension Substring {
  fileprivate func trimmingSuffix(_ isDropped: (Character) -> Bool) -> Substring {
    var rest = self
    while let last = rest.last, isDropped(last) { rest.removeLast() }
    return rest
  }
}
