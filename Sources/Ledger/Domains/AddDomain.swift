/// Gives a project a domain.
package struct AddDomain: Sendable {
  let project: Identifier
  package let rule: DomainRule

  package init(project: Identifier, rule: DomainRule) {
    self.project = project
    self.rule = rule
  }

  /// Reads `domain` and the terms, each of which may be absent.
  package init(project: Identifier, from reader: inout FieldReader) {
    let terms = DomainPatch(from: &reader).applied(to: DomainTerms())
    self.init(project: project, rule: DomainRule(domain: reader.domain("domain"), terms: terms))
  }

  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    let project = try command.project(project, in: view)
    guard project.domain(rule.domain) == nil else {
      throw Rejection.taken(field: "domain", "the project has this domain already")
    }
    guard project.domains.count < Project.maximumDomains else {
      throw Rejection.conflict("a project has at most \(Project.maximumDomains) domains")
    }
    try command.requireAuthority(overAllAt: project.place, in: view)
    try view.requireAnOwner { $0.project == project.id }
    return [NewEvent(project.id, .domainAdded(DomainAdded(rule)))]
  }
}
