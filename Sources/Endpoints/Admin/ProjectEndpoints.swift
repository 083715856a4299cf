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
    try create(.createProject(action), request, caller, exchange) { events, _ in
      guard let event = events.first, case .projectCreated(let data) = event.body else {
        throw Problem.notFound("project")
      }
      return try Self.representation(Project(data, event))
    }
  }

  func listProjects(_ request: Request) throws -> Response {
    return try list(try state.read { try $0.projects() }, request) { try JSON.parse($0) }
  }

  func showProject(_ id: String, _ request: Request) throws -> Response {
    _ = try administrator(request, .readProjects)
    return try show(id, .project, "project", request) { try $0.project($1) }
  }
}
