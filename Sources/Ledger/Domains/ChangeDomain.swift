/// Changes the terms of a domain.
package struct ChangeDomain: Sendable {
  let project: Identifier
  let domain: DomainName
  let patch: DomainPatch

  package init(project: Identifier, domain: DomainName, patch: DomainPatch) {
    self.project = project
    self.domain = domain
    self.patch = patch
  }

  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    let project = try command.project(project, in: view)
    guard let old = project.domain(domain)?.rule.terms else { throw Rejection.notFound("domain") }
    let new = patch.applied(to: old)
    guard new != old else { return [] }
    try command.requireAuthority(overAllAt: project.place, in: view)
    return [NewEvent(project.id, .domainChanged(DomainChanged(domain, from: old, to: new)))]
  }
}
