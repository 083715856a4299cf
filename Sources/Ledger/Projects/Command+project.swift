extension Command {
  /// A project that is not deleted and that the caller may change.
  ///
  /// - Throws: `Rejection.notFound`, `Rejection.missingPermission`.
  func project(_ id: Identifier, in view: some LedgerView) throws -> Project {
    guard let project = try view.project(id) else { throw Rejection.notFound("project") }
    try require(.writeProjects, at: project.place, hiding: "project", in: view)
    return project
  }
}
