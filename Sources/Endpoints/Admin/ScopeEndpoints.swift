import CanonicalJSON
import Foundation
import HTTPServer
import Ledger
import Projections

/// `/admin/projects/{id}/scopes`. They are part of the project, whose `ETag` is theirs.
extension Desk {
  func defineScope(inProject text: String, _ request: Request, _ exchange: Exchange) throws {
    let caller = try administrator(request, .writeProjects)
    let project = try project(text, changedBy: caller)
    let action = try rejecting { try DefineScope(in: project, fields: try jsonBody(request)) }
    try create(.defineScope(action), reason: action.reason, request, caller, exchange) {
      events, _ in
      guard case .scopeDefined(let data)? = events.first?.body else {
        throw Problem.notFound("scope")
      }
      return try Self.representation(data)
    }
  }

  func showScope(_ text: String, ofProject projectText: String, _ request: Request) throws
    -> Response
  {
    let caller = try administrator(request, .readProjects)
    let id = try identifier(projectText, .project, "project")
    let name = try Self.scopeName(text)
    let query = try query(request, ["as_of"])
    return try read(asOf: query["as_of"]) { state in
      let project = try caller.visible(try state.project(id), "project", .readProjects)
      return try Self.show(name, of: project, state)
    }
  }

  func editScope(
    _ text: String, ofProject projectText: String, _ request: Request, _ exchange: Exchange
  ) throws {
    let caller = try administrator(request, .writeProjects)
    let project = try project(projectText, changedBy: caller)
    let name = try scope(text, of: project)
    let precondition = try precondition(request, for: project)
    let action = try rejecting {
      try EditScope(name, of: project, fields: try jsonBody(request))
    }
    try change(
      .editScope(action), reason: action.reason, precondition: precondition, request, caller,
      exchange
    ) { state in
      guard let project = try state.project(project) else { throw Problem.notFound("project") }
      return try Self.show(name, of: project, state)
    }
  }

  /// Answers with the scopes that are left.
  func removeScope(
    _ text: String, ofProject projectText: String, _ request: Request, _ exchange: Exchange
  ) throws {
    let caller = try administrator(request, .writeProjects)
    let id = try project(projectText, changedBy: caller)
    let name = try scope(text, of: id)
    try change(
      .removeScope(RemoveScope(name, of: id)), reason: try reason(request),
      precondition: try precondition(request, for: id), request, caller, exchange
    ) { state in
      guard let project = try state.project(id) else { throw Problem.notFound("project") }
      return try Self.answer(try Self.representation(project), id, state)
    }
  }

  /// The name of a scope that a project defined, as it stands in a path.
  private func scope(_ text: String, of project: Identifier) throws -> String {
    let name = try Self.scopeName(text)
    return try state.read { state in
      guard try state.project(project)?.scope(named: name) != nil else {
        throw Problem.notFound("scope")
      }
      return name
    }
  }

  private static func scopeName(_ text: String) throws(Problem) -> String {
    guard let name = text.removingPercentEncoding else { throw .notFound("scope") }
    return name
  }

  private static func show(
    _ name: String, of project: Project, _ state: StateSnapshot
  ) throws -> Response {
    guard let scope = project.scope(named: name) else { throw Problem.notFound("scope") }
    return try answer(try representation(scope), project.id, state)
  }
}
