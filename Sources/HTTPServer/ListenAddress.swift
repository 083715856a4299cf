package import Networks

/// Where a server is to be reached.
package enum ListenAddress: Sendable, Hashable {
  /// Port 0 lets the system pick.
  case internet(NetworkAddress, port: UInt16)
  /// A Unix-domain socket at a path of at most 107 bytes. A socket that a server left behind
  /// there is replaced; the new one may be used by its owner and group, and is removed when the
  /// server stops listening.
  case unix(path: String)
  /// The sockets that a service manager handed over, in the manner of `sd_listen_fds(3)`.
  case inherited

  /// Takes `HOST:PORT` with a numeric host (IPv6 in brackets), `unix:PATH` or `systemd`.
  package init?(_ text: some StringProtocol) {
    if text == "systemd" {
      self = .inherited
    } else if text.hasPrefix("unix:") {
      let path = String(text.dropFirst(5))
      guard !path.isEmpty, path.utf8.count <= Self.maximumPath else { return nil }
      self = .unix(path: path)
    } else {
      guard let colon = text.lastIndex(of: ":"),
        case let port = text[text.index(after: colon)...], port.allSatisfy(\.isASCIIDigit),
        let port = UInt16(port),
        let address = Self.host(text[..<colon])
      else { return nil }
      self = .internet(address, port: port)
    }
  }

  static let maximumPath = 107

  private static func host(_ text: some StringProtocol) -> NetworkAddress? {
    guard text.contains(":") else { return NetworkAddress(text) }
    guard text.hasPrefix("["), text.hasSuffix("]") else { return nil }
    return NetworkAddress(text.dropFirst().dropLast())
  }
}

/// An address that a server listens on.
package struct Endpoint: Sendable, Hashable, CustomStringConvertible {
  /// With the port that the system picked; never `inherited`.
  package let address: ListenAddress
  /// Whether TLS is spoken there.
  package let isSecure: Bool

  /// `http://127.0.0.1:8080`, `https://[::]:8443`, or `unix:/run/a`.
  package var description: String {
    switch address {
    case .internet(let host, let port):
      "\(isSecure ? "https" : "http")://\(host.isIPv4 ? "\(host)" : "[\(host)]"):\(port)"
    case .unix(let path): "unix:\(path)"
    case .inherited: "systemd"
    }
  }
}
