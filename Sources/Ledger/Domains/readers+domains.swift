import CanonicalJSON
import Networks

extension FieldReader {
  /// The name of a domain in lower case.
  mutating func domain(_ field: String) -> DomainName {
    let text = text(
      field,
      "must be a domain name in lower case, internationalised labels in their xn-- form, without a port"
    ) { DomainName($0) != nil }
    return text.flatMap { DomainName($0) } ?? DomainName("invalid")!
  }

  /// Networks in CIDR notation, each once; none when null.
  mutating func networks(_ field: String, atMost limit: Int) -> [Network] {
    let texts = optionalTexts(
      field, atMost: limit,
      "must be an address or a network such as 10.0.0.0/8 or 2001:db8::/32, without bits beyond its length"
    ) { Network($0) != nil }
    let networks = texts.compactMap { Network($0) }
    if Set(networks).count < Set(texts).count { report(field, "holds a network in two forms") }
    return networks
  }
}

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
