import Foundation

/// What counts as a web address here.
enum WebAddress {
  /// An absolute http or https URI with a host, of at most 2,048 ASCII characters (RFC 3986).
  static func isAbsolute(_ text: String) -> Bool { components(text) != nil }

  /// An issuer identifier (RFC 8414 §2), http too because loopback has no certificate; without a
  /// path, so that the metadata is where §3 looks for it.
  static func isIssuer(_ text: String) -> Bool {
    guard let components = components(text) else { return false }
    return components.query == nil && components.fragment == nil && components.path.isEmpty
  }

  /// Where a client may have people sent back to: https, or http on a loopback address (RFC 8252
  /// §7.3, §8.3), without a fragment (RFC 6749 §3.1.2), and with no character that a URI may not
  /// have.
  static func isRedirect(_ text: String) -> Bool {
    guard let components = components(text), !text.utf8.contains(UInt8(ascii: "#")),
      URLComponents(string: text, encodingInvalidCharacters: false) != nil,
      (components.port ?? 443) <= 65_535
    else { return false }
    return components.scheme?.lowercased() == "https"
      || loopback.contains(components.encodedHost?.lowercased() ?? "")
  }

  private static let loopback: Set = ["127.0.0.1", "[::1]", "localhost"]

  private static func components(_ text: String) -> URLComponents? {
    guard text.utf8.count <= 2_048, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
      let components = URLComponents(string: text),
      let scheme = components.scheme?.lowercased(), scheme == "http" || scheme == "https",
      let host = components.host, !host.isEmpty, components.user == nil
    else { return nil }
    return components
  }
}
