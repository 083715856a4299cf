package import CanonicalJSON

/// Changes the terms of a domain.
package struct ChangeDomain: Sendable {
  let project: Identifier
  let domain: DomainName
  let patch: DomainPatch
  package let reason: String?

  /// Reads the merge patch (RFC 7396) of the terms, and `reason`.
  ///
  /// - Throws: `Rejection.invalidFields` with every field that is wrong.
  package init(project: Identifier, domain: DomainName, fields: JSON) throws(Rejection) {
    var reader = try FieldReader(fields)
    self.project = project
    self.domain = domain
    patch = DomainPatch(from: &reader)
    reason = reader.reason()
    try reader.finish()
  }

  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    let project = try command.project(project, in: view)
    guard let old = project.domain(domain)?.rule.terms else { throw Rejection.notFound("domain") }
    let new = patch.applied(to: old)
    guard new != old else { return [] }
    try command.requireAuthority(overAllAt: project.place, in: view)
    let changed = DomainChanged(domain, from: old, to: new)
    try project.changing(changed, at: 0)?.requireRoom(after: project)
    return [NewEvent(project.id, .domainChanged(changed))]
  }
}
