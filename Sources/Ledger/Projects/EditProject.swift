package import CanonicalJSON

/// Gives a project another name, another description or none.
package struct EditProject: Sendable {
  let project: Identifier
  let name: String?
  /// Nil when it stays as it is; otherwise what it becomes, which may be nothing.
  let description: String??
  package let reason: String?

  /// Reads the merge patch (RFC 7396) `{"name","description","reason"}`.
  ///
  /// - Throws: `Rejection.invalidFields` with every field that is wrong.
  package init(_ project: Identifier, fields: JSON) throws(Rejection) {
    var reader = try FieldReader(fields)
    self.project = project
    name = reader.ifPresent("name") { $0.name("name", scalars: 1...100) }
    description = reader.ifPresent("description") {
      $0.optionalName("description", scalars: 0...500)
    }
    reason = reader.reason()
    try reader.finish()
  }

  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    let project = try command.project(project, in: view)
    let name = name.flatMap { $0.isSame(as: project.name) ? nil : $0 }
    let description = description.flatMap { new in
      Self.isSame(new, project.description) ? nil : .some(new)
    }
    guard name != nil || description != nil else { return [] }
    let edited = ProjectEdited(
      before: .init(
        description: description.flatMap { _ in project.description },
        name: name.map { _ in project.name }),
      after: .init(description: description.flatMap(\.self), name: name))
    return [NewEvent(project.id, .projectEdited(edited))]
  }

  private static func isSame(_ left: String?, _ right: String?) -> Bool {
    guard let left, let right else { return left == nil && right == nil }
    return left.isSame(as: right)
  }
}
