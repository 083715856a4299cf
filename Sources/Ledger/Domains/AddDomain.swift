package import CanonicalJSON

/// Gives a project a domain.
package struct AddDomain: Sendable {
  let project: Identifier
  let rule: DomainRule
  package let reason: String?

  /// Reads `domain`, the terms, each of which may be absent, and `reason`.
  ///
  /// - Throws: `Rejection.invalidFields` with every field that is wrong.
  package init(project: Identifier, fields: JSON) throws(Rejection) {
    var reader = try FieldReader(fields)
    self.project = project
    let terms = DomainPatch(from: &reader).applied(to: DomainTerms())
    rule = DomainRule(domain: reader.domain("domain"), terms: terms)
    reason = reader.reason()
    try reader.finish()
  }

  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    let project = try command.project(project, in: view)
    guard project.domain(rule.domain) == nil else {
      throw Rejection.taken(field: "domain", "the project has this domain already")
    }
    guard project.domains.count < Project.maximumDomains else {
      throw Rejection.conflict("a project has at most \(Project.maximumDomains) domains")
    }
    try project.adding(rule, at: 0).requireRoom(after: project)
    try command.requireAuthority(overAllAt: project.place, in: view)
    try view.requireAnOwner { $0.project == project.id }
    return [NewEvent(project.id, .domainAdded(DomainAdded(rule)))]
  }
}
