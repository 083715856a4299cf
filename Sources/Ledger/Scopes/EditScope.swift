package import CanonicalJSON

/// Describes a scope of a project anew. Its name stays: clients and tokens carry it.
package struct EditScope: Sendable {
  let project: Identifier
  let name: String
  let description: String?
  package let reason: String?

  /// Reads the merge patch (RFC 7396) `{"description","reason"}`.
  ///
  /// - Throws: `Rejection.invalidFields` with every field that is wrong.
  package init(_ name: String, of project: Identifier, fields: JSON) throws(Rejection) {
    var reader = try FieldReader(fields)
    self.project = project
    self.name = name
    description = reader.ifPresent("description") { $0.name("description", scalars: 1...500) }
    reason = reader.reason()
    try reader.finish()
  }

  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    let project = try command.project(project, in: view)
    guard let scope = project.scope(named: name) else { throw Rejection.notFound("scope") }
    guard let description, !description.isSame(as: scope.description) else { return [] }
    let edited = ScopeEdited(
      name: scope.name, before: .init(description: scope.description),
      after: .init(description: description))
    try project.editing(edited).requireRoom(after: project)
    return [NewEvent(project.id, .scopeEdited(edited))]
  }
}
