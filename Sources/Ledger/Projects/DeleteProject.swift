/// Ends a project that has no clients any more.
package struct DeleteProject: Sendable {
  let project: Identifier

  package init(_ project: Identifier) { self.project = project }

  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    let project = try command.project(project, in: view)
    var clients = Obstacles()
    try view.forEachClient(of: project.id) { client, _ in clients.add(client) }
    try clients.check("the project has clients that are not deleted")
    return [NewEvent(project.id, .projectDeleted(ProjectDeleted()))]
  }
}
