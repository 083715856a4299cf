import CanonicalJSON
import HTTPServer
import Ledger
import Projections

/// `/admin/projects`
extension Desk {
  func createProject(_ request: Request, _ exchange: Exchange) throws {
    let caller = try administrator(request, .writeProjects)
    let action = try rejecting {
      try CreateProject(id: identifiers.next(.project), fields: try jsonBody(request))
    }
    try create(.createProject(action), reason: action.reason, request, caller, exchange) {
      events, _ in
      guard let event = events.first, case .projectCreated(let data) = event.body else {
        throw Problem.notFound("project")
      }
      let project = Project(data, event)
      // A request that is repeated may have lost sight of what it made.
      try caller.require(.writeProjects, at: project.place, hiding: "project")
      return try Self.representation(project)
    }
  }

  func listProjects(_ request: Request, _ caller: Administrator) throws -> Response {
    try list(.projects, request, in: caller.places(for: .readProjects)) { row, _, _ in
      try JSON.parse(row.record)
    }
  }

  func showProject(_ id: String, _ request: Request) throws -> Response {
    let caller = try administrator(request, .readProjects)
    return try show(id, .project, "project", request, .readProjects, for: caller) {
      try $0.project($1)
    }
  }

  func editProject(_ text: String, _ request: Request, _ exchange: Exchange) throws {
    let caller = try administrator(request, .writeProjects)
    let id = try project(text, changedBy: caller)
    let precondition = try precondition(request, for: id)
    let action = try rejecting { try EditProject(id, fields: try jsonBody(request)) }
    try change(
      .editProject(action), reason: action.reason, precondition: precondition, request, caller,
      exchange
    ) { try Self.show(project: id, $0) }
  }

  func deleteProject(_ text: String, _ request: Request, _ exchange: Exchange) throws {
    let caller = try administrator(request, .writeProjects)
    let id = try project(text, changedBy: caller)
    try change(
      .deleteProject(DeleteProject(id)), reason: try reason(request),
      precondition: try precondition(request, for: id), request, caller, exchange
    ) { try Self.show(project: id, $0) }
  }

  /// A project that is there and that the caller may change.
  func project(_ text: String, changedBy caller: Administrator) throws -> Identifier {
    let id = try identifier(text, .project, "project")
    return try state.read { state in
      try caller.visible(try state.project(id), "project", .writeProjects).id
    }
  }

  /// A list of what is kept inside a project, with its `ETag`.
  func list<Part: CanonicalObject>(
    _ parts: KeyPath<Project, [Part]>, ofProject text: String, _ request: Request
  ) throws -> Response {
    let caller = try administrator(request, .readProjects)
    let id = try identifier(text, .project, "project")
    let query = try query(request, ["as_of", "page", "per_page"])
    return try read(asOf: query["as_of"]) { state in
      let project = try caller.visible(try state.project(id), "project", .readProjects)
      var response = try list(project[keyPath: parts], request, filters: ["as_of"]) {
        try Self.representation($0)
      }
      response.headers += try Self.entityTag(id, state)
      return response
    }
  }

  /// A deleted one too: what became of it is the answer to its end.
  private static func show(project id: Identifier, _ state: StateSnapshot) throws -> Response {
    guard let project = try state.recordedProject(id) else { throw Problem.notFound("project") }
    return try answer(try representation(project), id, state)
  }
}
