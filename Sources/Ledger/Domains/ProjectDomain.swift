package import CanonicalJSON

/// A domain of a project as it stands.
package struct ProjectDomain: CanonicalObject, Hashable {
  package let rule: DomainRule
  /// The event that last made it active or changed its mode: tokens of earlier positions are void.
  package let since: Position

  package init(_ rule: DomainRule, since: Position) {
    self.rule = rule
    self.since = since
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    rule = try DomainRule(from: &reader)
    since = try reader.position("since")
  }

  package func write(to writer: inout JSONWriter) {
    rule.write(to: &writer)
    writer.member("since", Int64(since))
  }

  /// Under other terms from a position on.
  func changed(to terms: DomainTerms, at position: Position) -> ProjectDomain {
    let begins = terms.active && !rule.terms.active || terms.mode != rule.terms.mode
    return ProjectDomain(
      DomainRule(domain: rule.domain, terms: terms), since: begins ? position : since)
  }

  /// Whether a token that was issued for the domain may still be good.
  package func stands(behind token: IssuedToken) -> Bool {
    rule.terms.active && token.position >= since
  }
}

extension Project {
  /// Domains of one project at most.
  static let maximumDomains = 100

  package func domain(_ name: DomainName) -> ProjectDomain? {
    domains.first { $0.rule.domain == name }
  }

  /// Why a token request is refused for its domain; nil when it is not.
  func refusal(
    of domain: DomainName?, _ mode: ClientMetadata.Mode, from address: @autoclosure () -> String
  ) -> DomainRefusal? {
    guard let domain else { return domains.isEmpty ? nil : .unnamed }
    guard let found = self.domain(domain) else { return .unknown }
    return found.rule.terms.refusal(of: mode, from: address())
  }

  func adding(_ rule: DomainRule, at position: Position) -> Project {
    var project = self
    let place = domains.firstIndex { rule.domain < $0.rule.domain } ?? domains.endIndex
    project.domains.insert(ProjectDomain(rule, since: position), at: place)
    return project
  }

  /// With what an event changed of a domain; nil when the project does not have it.
  func changing(_ data: DomainChanged, at position: Position) -> Project? {
    guard let place = domains.firstIndex(where: { $0.rule.domain == data.domain }) else {
      return nil
    }
    var project = self
    let terms = data.after.applied(to: domains[place].rule.terms)
    project.domains[place] = domains[place].changed(to: terms, at: position)
    return project
  }

  func removing(_ domain: DomainName) -> Project {
    var project = self
    project.domains.removeAll { $0.rule.domain == domain }
    return project
  }
}
