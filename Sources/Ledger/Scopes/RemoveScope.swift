/// Takes a scope that no client has away from a project.
package struct RemoveScope: Sendable {
  let project: Identifier
  let name: String

  package init(_ name: String, of project: Identifier) {
    self.name = name
    self.project = project
  }

  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    let project = try command.project(project, in: view)
    guard let removed = project.scope(named: name) else { throw Rejection.notFound("scope") }
    var clients = Obstacles()
    try view.forEachClient(of: project.id) { client, scope in
      !scope.values.contains(removed.name[...]) || clients.add(client)
    }
    try clients.check("clients have the scope")
    return [NewEvent(project.id, .scopeRemoved(ScopeRemoved(name: removed.name)))]
  }
}
