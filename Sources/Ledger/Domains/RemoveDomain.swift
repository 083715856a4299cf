/// Takes a domain away from a project.
package struct RemoveDomain: Sendable {
  let project: Identifier
  let domain: DomainName

  package init(project: Identifier, domain: DomainName) {
    self.project = project
    self.domain = domain
  }

  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    let project = try command.project(project, in: view)
    guard project.domain(domain) != nil else { throw Rejection.notFound("domain") }
    try command.requireAuthority(overAllAt: project.place, in: view)
    return [NewEvent(project.id, .domainRemoved(DomainRemoved(domain)))]
  }
}
