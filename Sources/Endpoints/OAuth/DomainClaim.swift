import Ledger
import Networks

/// What one part of a request says of the domain that a token is asked for under.
enum DomainClaim: Equatable {
  case name(DomainName)
  /// An address, an origin without a host: no domain of anybody's.
  case none

  /// The value of `Origin` (RFC 6454 §7.1): one origin or `null`.
  ///
  /// - Throws: `invalid_request` when it is neither.
  init(origin: String) throws(OAuthError) {
    if origin == "null" {
      self = .none
      return
    }
    guard let end = origin.firstRange(of: "://"), Self.isScheme(origin[..<end.lowerBound]),
      let host = Self.host(of: origin[end.upperBound...]), let claim = DomainClaim(host: host)
    else { throw .invalidRequest("Origin is neither an origin nor null") }
    self = ["http", "https"].contains(origin[..<end.lowerBound]) ? claim : .none
  }

  /// A host name or a numeric address; nil for anything else.
  init?(host: Substring) {
    if let name = DomainName(host: host) {
      self = .name(name)
    } else if NetworkAddress(host) != nil {
      self = .none
    } else {
      return nil
    }
  }

  /// The host of `host[:port]` (RFC 3986 §3.2), IPv6 without its brackets; nil when it is neither.
  static func host(of authority: Substring) -> Substring? {
    if authority.utf8.first == UInt8(ascii: "[") {
      guard let end = authority.utf8.firstIndex(of: UInt8(ascii: "]")),
        isPort(authority[authority.utf8.index(after: end)...])
      else { return nil }
      let host = authority[..<end].dropFirst()
      return host.utf8.contains(UInt8(ascii: ":")) ? host : nil
    }
    let end = authority.utf8.firstIndex(of: UInt8(ascii: ":")) ?? authority.endIndex
    return isPort(authority[end...]) ? authority[..<end] : nil
  }

  /// Nothing, or a colon and a number that a port can have.
  private static func isPort(_ text: Substring) -> Bool {
    guard let colon = text.utf8.first else { return true }
    let digits = text.utf8.dropFirst()
    return colon == UInt8(ascii: ":") && digits.allSatisfy { (0x30...0x39).contains($0) }
      && UInt16(Substring(digits)).map { $0 > 0 } ?? false
  }

  /// RFC 3986 §3.1, in lower case, as origins are written (RFC 6454 §6.2).
  private static func isScheme(_ text: Substring) -> Bool {
    guard let first = text.utf8.first, (0x61...0x7A).contains(first) else { return false }
    return text.utf8.allSatisfy { byte in
      (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "+")
        || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }
  }
}

/// What a token request says of its domain, each source in its own words.
struct DomainSources {
  /// The values of `X-Forwarded-Host`, if a trusted proxy sent the request.
  var forwardedHosts: [String] = []
  /// The values of `Origin`.
  var origins: [String] = []
  /// The parameter `domain`.
  var parameter: String?

  /// The domain that the request is made for; nil when nothing names one.
  ///
  /// The proxy vouches for its word, a browser for its own, a client for nothing; so the first of
  /// them that speaks wins. Another that says something else is an attempt to pass for one domain
  /// here and for another there, and refused.
  ///
  /// - Parameter ownHost: the issuer's; from a proxy it says nothing.
  /// - Throws: `invalid_request` for a contradiction, a value that cannot be read, or two.
  func domain(ownHost: String) throws(OAuthError) -> DomainName? {
    let claims = try [forwarded(ownHost), origin(), asked()].compactMap { $0 }
    guard let strongest = claims.first else { return nil }
    guard claims.allSatisfy({ $0 == strongest }) else {
      throw .invalidRequest("X-Forwarded-Host, Origin and domain contradict each other")
    }
    guard case .name(let domain) = strongest else { return nil }
    return domain
  }

  private func forwarded(_ ownHost: String) throws(OAuthError) -> DomainClaim? {
    guard let value = forwardedHosts.first else { return nil }
    guard forwardedHosts.count == 1, let host = DomainClaim.host(of: value[...]),
      let claim = DomainClaim(host: host)
    else { throw .invalidRequest("X-Forwarded-Host must be there once and name one host") }
    return host.lowercased() == ownHost ? nil : claim
  }

  private func origin() throws(OAuthError) -> DomainClaim? {
    guard let value = origins.first else { return nil }
    guard origins.count == 1 else { throw .invalidRequest("Origin is there twice") }
    return try DomainClaim(origin: value)
  }

  private func asked() throws(OAuthError) -> DomainClaim? {
    guard let parameter else { return nil }
    guard let name = DomainName(host: parameter) else {
      throw .invalidRequest("domain must be the name of a domain, without a port")
    }
    return .name(name)
  }
}
