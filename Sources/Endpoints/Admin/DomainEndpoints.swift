import CanonicalJSON
import HTTPServer
import Ledger
import Projections

/// `/admin/projects/{id}/domains`. A domain's `ETag` is that of its project.
extension Desk {
  func addDomain(toProject text: String, _ request: Request, _ exchange: Exchange) throws {
    let caller = try administrator(request, .writeProjects)
    let project = try project(text, changedBy: caller)
    let action = try rejecting {
      try AddDomain(project: project, fields: try jsonBody(request))
    }
    try create(.addDomain(action), reason: action.reason, request, caller, exchange) {
      events, _ in
      guard let event = events.first, case .domainAdded(let data) = event.body else {
        throw Problem.notFound("domain")
      }
      return try Self.representation(ProjectDomain(data.rule, since: event.position))
    }
  }

  func changeDomain(
    _ name: String, ofProject text: String, _ request: Request, _ exchange: Exchange
  ) throws {
    let caller = try administrator(request, .writeProjects)
    let (project, domain) = (try project(text, changedBy: caller), try Self.domain(name))
    let action = try rejecting {
      try ChangeDomain(project: project, domain: domain, fields: try jsonBody(request))
    }
    try change(
      .changeDomain(action), reason: action.reason,
      precondition: try precondition(request, for: project), request, caller, exchange
    ) { try Self.answer(domain, of: project, $0) }
  }

  /// Answers with the project as it is without the domain.
  func removeDomain(
    _ name: String, ofProject text: String, _ request: Request, _ exchange: Exchange
  ) throws {
    let caller = try administrator(request, .writeProjects)
    let (project, domain) = (try project(text, changedBy: caller), try Self.domain(name))
    try change(
      .removeDomain(RemoveDomain(project: project, domain: domain)),
      reason: try reason(request), precondition: try precondition(request, for: project), request,
      caller, exchange
    ) { state in
      guard let record = try state.project(project) else { throw Problem.notFound("project") }
      return try Self.answer(try Self.representation(record), project, state)
    }
  }

  func showDomain(_ name: String, ofProject text: String, _ request: Request) throws -> Response {
    let caller = try administrator(request, .readProjects)
    let query = try query(request, ["as_of"])
    let (id, domain) = (try identifier(text, .project, "project"), try Self.domain(name))
    return try read(asOf: query["as_of"]) { state in
      _ = try caller.visible(try state.project(id), "project", .readProjects)
      return try Self.answer(domain, of: id, state)
    }
  }

  /// The name in a path; one that no domain can have is a domain that is not there.
  static func domain(_ name: String) throws(Problem) -> DomainName {
    guard let domain = DomainName(name) else { throw .notFound("domain") }
    return domain
  }

  private static func answer(
    _ domain: DomainName, of project: Identifier, _ state: StateSnapshot
  ) throws -> Response {
    guard let found = try state.project(project)?.domain(domain) else {
      throw Problem.notFound("domain")
    }
    return try answer(try representation(found), project, state)
  }
}
