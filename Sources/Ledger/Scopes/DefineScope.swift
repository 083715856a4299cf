package import CanonicalJSON

/// Adds a scope to those that a project's clients may have.
package struct DefineScope: Sendable {
  let project: Identifier
  let data: ScopeDefined
  package let reason: String?

  /// Reads `{"name","description","reason"}`.
  ///
  /// - Throws: `Rejection.invalidFields` with every field that is wrong.
  package init(in project: Identifier, fields: JSON) throws(Rejection) {
    var reader = try FieldReader(fields)
    let name = reader.name("name", scalars: 1...100)
    if !name.isEmpty, Scope(name)?.count != 1 || name.utf8.contains(UInt8(ascii: ":")) {
      reader.report(
        "name",
        "must be printable ASCII without space, quotation mark, backslash and colon")
    }
    self.project = project
    data = ScopeDefined(name: name, description: reader.name("description", scalars: 1...500))
    reason = reader.reason()
    try reader.finish()
  }

  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    let project = try command.project(project, in: view)
    guard project.scope(named: data.name) == nil else {
      throw Rejection.taken(field: "name", "the project has a scope of this name")
    }
    guard project.scopes.count < DefinedScope.maximumCount else {
      throw Rejection.conflict(
        "the project has \(DefinedScope.maximumCount) scopes, the most there may be")
    }
    try project.defining(data).requireRoom(after: project)
    return [NewEvent(project.id, .scopeDefined(data))]
  }
}
