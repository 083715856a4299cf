package import CanonicalJSON

/// A project does not have a domain any more; the tokens issued for it are void.
package struct DomainRemoved: EventData, Hashable {
  package static let type = "domain.removed"

  package let domain: DomainName

  init(_ domain: DomainName) { self.domain = domain }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    domain = try reader.domain("domain")
  }

  package func write(to writer: inout JSONWriter) { writer.member("domain", domain.text) }
}
