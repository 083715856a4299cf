import CanonicalJSON
import Ledger
import Networks

/// Which tokens are wanted; told from their events, and from their clients.
struct TokenFilter {
  static let parameters = [
    "account", "active", "address", "client", "domain", "expires.from", "expires.to",
    "issued.from", "issued.to", "mode", "network", "project", "scope", "secret",
  ]

  let client: Identifier?
  let secret: Identifier?
  let project: Identifier?
  let account: Identifier?
  let isActive: Bool?
  private let address: String?
  private let network: Network?
  private let domain: String?
  private let mode: ClientMetadata.Mode?
  private let scope: String?
  private let expires: Range<Int64>

  init(_ query: FormParameters) throws(Problem) {
    client = try Self.identifier(query, "client", .client)
    secret = try Self.identifier(query, "secret", .secret)
    project = try Self.identifier(query, "project", .project)
    account = try Self.identifier(query, "account", .account)
    isActive = try Self.choice(query, "active", ["true", "false"]).map { $0 == "true" }
    mode = try Self.choice(query, "mode", ClientMetadata.Mode.allCases.map(\.rawValue))
      .flatMap(ClientMetadata.Mode.init)
    address = query["address"]
    network = try Self.network(query["network"])
    domain = query["domain"]
    scope = query["scope"]
    let from = try Self.second(query, "expires.from") ?? 0
    expires = from..<max(from, try Self.second(query, "expires.to") ?? .max)
  }

  private static func identifier(
    _ query: FormParameters, _ name: String, _ kind: Identifier.Kind
  ) throws(Problem) -> Identifier? {
    guard let text = query[name] else { return nil }
    guard let id = Identifier(text, kind) else {
      throw .parameter(name, "must be an identifier that begins with \(kind.rawValue)_")
    }
    return id
  }

  private static func choice(
    _ query: FormParameters, _ name: String, _ words: [String]
  ) throws(Problem) -> String? {
    guard let text = query[name] else { return nil }
    guard words.contains(text) else {
      throw .parameter(name, "must be one of \(words.joined(separator: ", "))")
    }
    return text
  }

  private static func network(_ text: String?) throws(Problem) -> Network? {
    guard let text else { return nil }
    guard let network = Network(text[...]) else {
      throw .parameter("network", "must be a network such as 192.0.2.0/24 or 2001:db8::/32")
    }
    return network
  }

  private static func second(
    _ query: FormParameters, _ name: String
  ) throws(Problem) -> Int64? {
    guard let text = query[name] else { return nil }
    guard let second = Int64(text), (0...JSON.integers.upperBound).contains(second) else {
      throw .parameter(name, "must be a whole number of seconds since 1970")
    }
    return second
  }

  /// Whether what was recorded of the token fits.
  func fits(_ found: FoundToken) -> Bool {
    let token = found.token
    return (client == nil || token.client == client)
      && (secret == nil || token.data.secret == secret)
      && (mode == nil || token.data.mode == mode) && expires.contains(token.data.expires)
      && (scope == nil || token.data.scope.values.contains { $0 == scope! })
      && (domain == nil || token.data.domain?.text == domain) && fitsAddress(found.address)
  }

  private func fitsAddress(_ found: String) -> Bool {
    if let address, found != address { return false }
    guard let network else { return true }
    return NetworkAddress(found).map(network.contains) ?? false
  }
}
