package import CanonicalJSON

/// The terms of a domain changed: those that did, as they were and as they are.
package struct DomainChanged: EventData, Hashable {
  package static let type = "domain.changed"

  package let after: DomainPatch
  package let before: DomainPatch
  package let domain: DomainName

  /// Whether the tokens end that were issued for the domain.
  package var endsTokens: Bool { after.active == false || after.mode != nil }

  init(_ domain: DomainName, from old: DomainTerms, to new: DomainTerms) {
    self.domain = domain
    before = DomainPatch(of: old, thatDifferFrom: new)
    after = DomainPatch(of: new, thatDifferFrom: old)
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    after = try reader.object("after", DomainPatch.self)
    before = try reader.object("before", DomainPatch.self)
    domain = try reader.domain("domain")
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("after", object: after)
    writer.member("before", object: before)
    writer.member("domain", domain.text)
  }
}
