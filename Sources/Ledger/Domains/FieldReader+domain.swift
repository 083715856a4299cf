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
