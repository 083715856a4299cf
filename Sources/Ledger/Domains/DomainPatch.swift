package import CanonicalJSON
import Networks

/// Members of a domain's terms; nil where nothing is said.
package struct DomainPatch: Sendable, Hashable {
  let active: Bool?
  let addresses: [Network]?
  let mayAuthenticate: Bool?
  let mayCallAPI: Bool?
  let mode: ClientMetadata.Mode?

  /// The members in which terms differ from others.
  init(of terms: DomainTerms, thatDifferFrom other: DomainTerms) {
    func changed<Value: Equatable>(_ member: KeyPath<DomainTerms, Value>) -> Value? {
      terms[keyPath: member] == other[keyPath: member] ? nil : terms[keyPath: member]
    }
    active = changed(\.active)
    addresses = changed(\.addresses)
    mayAuthenticate = changed(\.mayAuthenticate)
    mayCallAPI = changed(\.mayCallAPI)
    mode = changed(\.mode)
  }

  /// Reads a merge patch (RFC 7396): null stands for what a new domain has.
  package init(from reader: inout FieldReader) {
    let none = DomainTerms()
    active = reader.ifPresent("active") { $0.flag("active", default: none.active) }
    addresses = reader.ifPresent("addresses") { $0.networks("addresses", atMost: 50) }
    mayAuthenticate = reader.ifPresent("may_authenticate") {
      $0.flag("may_authenticate", default: none.mayAuthenticate)
    }
    mayCallAPI = reader.ifPresent("may_call_api") {
      $0.flag("may_call_api", default: none.mayCallAPI)
    }
    mode = reader.ifPresent("mode") {
      $0.choice("mode", none.mode, among: ClientMetadata.Mode.allCases)
    }
  }

  package func applied(to terms: DomainTerms) -> DomainTerms {
    DomainTerms(
      active: active ?? terms.active, mayAuthenticate: mayAuthenticate ?? terms.mayAuthenticate,
      mayCallAPI: mayCallAPI ?? terms.mayCallAPI, addresses: addresses ?? terms.addresses,
      mode: mode ?? terms.mode)
  }
}

extension DomainPatch: CanonicalObject {
  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    active = try reader.optionalBool("active")
    addresses = try reader.optionalNetworks("addresses")
    mayAuthenticate = try reader.optionalBool("may_authenticate")
    mayCallAPI = try reader.optionalBool("may_call_api")
    mode = try reader.optionalChoice("mode", ClientMetadata.Mode.self)
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("active", optional: active)
    if let addresses { writer.member("addresses", addresses.map(\.description)) }
    writer.member("may_authenticate", optional: mayAuthenticate)
    writer.member("may_call_api", optional: mayCallAPI)
    writer.member("mode", optional: mode?.rawValue)
  }
}
