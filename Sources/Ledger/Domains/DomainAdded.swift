package import CanonicalJSON

/// A project got a domain. The subject is the project; so with the other events of domains.
package struct DomainAdded: EventData, Hashable {
  package static let type = "domain.added"

  package let rule: DomainRule

  init(_ rule: DomainRule) { self.rule = rule }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    rule = try DomainRule(from: &reader)
  }

  package func write(to writer: inout JSONWriter) { rule.write(to: &writer) }
}
