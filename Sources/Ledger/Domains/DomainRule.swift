package import CanonicalJSON
package import Networks

/// What a project says of one of its domains.
package struct DomainRule: Sendable, Hashable {
  package let domain: DomainName
  package var terms: DomainTerms

  package init(domain: DomainName, terms: DomainTerms) {
    self.domain = domain
    self.terms = terms
  }
}

extension DomainRule: CanonicalObject {
  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    let active = try reader.bool("active")
    let addresses = try reader.networks("addresses")
    domain = try reader.domain("domain")
    terms = DomainTerms(
      active: active, mayAuthenticate: try reader.bool("may_authenticate"),
      mayCallAPI: try reader.bool("may_call_api"), addresses: addresses,
      mode: try reader.choice("mode", ClientMetadata.Mode.self))
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("active", terms.active)
    writer.member("addresses", terms.addresses.map(\.description))
    writer.member("domain", domain.text)
    writer.member("may_authenticate", terms.mayAuthenticate)
    writer.member("may_call_api", terms.mayCallAPI)
    writer.member("mode", terms.mode.rawValue)
  }
}

/// What a rule allows.
package struct DomainTerms: Sendable, Hashable {
  /// Without it the domain is as if it were not there, and its tokens are void.
  package var active = true
  /// Whether tokens are issued for it.
  package var mayAuthenticate = true
  /// What an introspection tells those who serve an API.
  package var mayCallAPI = true
  /// Where token requests may come from; from anywhere if there is none.
  package var addresses: [Network] = []
  /// The mode of the clients that may use it.
  package var mode = ClientMetadata.Mode.live

  package init(
    active: Bool = true, mayAuthenticate: Bool = true, mayCallAPI: Bool = true,
    addresses: [Network] = [], mode: ClientMetadata.Mode = .live
  ) {
    self.active = active
    self.mayAuthenticate = mayAuthenticate
    self.mayCallAPI = mayCallAPI
    self.addresses = addresses
    self.mode = mode
  }

  /// Why a token request is refused under these terms; nil when it is not.
  ///
  /// - Parameter address: the numeric address it comes from; whatever else it is, such as `unix`,
  ///   lies in no network.
  package func refusal(
    of mode: ClientMetadata.Mode, from address: @autoclosure () -> String
  ) -> DomainRefusal? {
    if !active { return .inactive }
    if !mayAuthenticate { return .authentication }
    if mode != self.mode { return .mode }
    if addresses.isEmpty { return nil }
    guard let peer = NetworkAddress(address()), addresses.contains(where: { $0.contains(peer) })
    else { return .address }
    return nil
  }
}
