import Networks

extension ObjectReader {
  mutating func domain(_ name: String) throws(MalformedObject) -> DomainName {
    guard let domain = try optionalDomain(name) else { throw malformed(name, "is missing") }
    return domain
  }

  mutating func optionalDomain(_ name: String) throws(MalformedObject) -> DomainName? {
    guard let text = try optionalString(name) else { return nil }
    guard let domain = DomainName(text) else { throw malformed(name, "is no domain name") }
    return domain
  }

  mutating func networks(_ name: String) throws(MalformedObject) -> [Network] {
    guard let networks = try optionalNetworks(name) else {
      throw malformed(name, "is missing or of another type")
    }
    return networks
  }

  /// Networks in their one form.
  mutating func optionalNetworks(_ name: String) throws(MalformedObject) -> [Network]? {
    guard let texts = try optionalStrings(name) else { return nil }
    var networks: [Network] = []
    for text in texts {
      guard let network = Network(text), network.description == text else {
        throw malformed(name, "is no network in the form of the log")
      }
      networks.append(network)
    }
    return networks
  }
}
