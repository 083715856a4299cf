import CanonicalJSON
import HTTPServer
import Ledger
import Narrative
import Projections

/// `/admin/roles`: words that whoever reads clients may look up; changing them takes `roles:write`
/// for everything.
extension Desk {
  func defineRole(_ request: Request, _ exchange: Exchange) throws {
    let caller = try administrator(request, .writeRoles, at: .everything)
    let action = try rejecting {
      try DefineRole(id: identifiers.next(.role), fields: try jsonBody(request))
    }
    try create(.defineRole(action), reason: action.reason, request, caller, exchange) { events, _ in
      guard let event = events.first, case .roleDefined(let data) = event.body else {
        throw Problem.notFound("role")
      }
      return Role(data, event).shown
    }
  }

  /// The built-in ones first.
  func listRoles(_ request: Request) throws -> Response {
    try list(.roles, request, facts: ["built_in"]) { role in
      Array((role["id"]?.string ?? "").utf8)
    } records: { state in
      BuiltInRole.allCases.map(\.shown) + (try state.roles().map(\.shown))
    }
  }

  func showRole(_ text: String, _ request: Request) throws -> Response {
    _ = try administrator(request, .readClients)
    let position = try moment(try query(request, ["as_of"])["as_of"]).position
    if let role = BuiltInRole(rawValue: text) { return .json(role.shown) }
    let id = try identifier(text, .role, "role")
    var response = try state.read(asOf: position) { try Self.answer(id, $0) }
    response.headers.append(("Ledger-Position", String(position)))
    return response
  }

  func reviseRole(_ text: String, _ request: Request, _ exchange: Exchange) throws {
    let caller = try administrator(request, .writeRoles, at: .everything)
    let id = try definedRole(text)
    let precondition = try precondition(request, for: id)
    let action = try rejecting { try ReviseRole(role: id, fields: try jsonBody(request)) }
    try change(
      .reviseRole(action), reason: action.reason, precondition: precondition, request, caller,
      exchange
    ) { try Self.answer(id, $0) }
  }

  func removeRole(_ text: String, _ request: Request, _ exchange: Exchange) throws {
    let caller = try administrator(request, .writeRoles, at: .everything)
    let id = try definedRole(text)
    guard let role = try state.read({ try $0.role(id) }) else { throw Problem.notFound("role") }
    try change(
      .removeRole(RemoveRole(role: id)), reason: try reason(request),
      precondition: try precondition(request, for: id), request, caller, exchange
    ) { _ in .json(role.shown) }
  }

  /// - Throws: 409 for a built-in role.
  private func definedRole(_ text: String) throws(Problem) -> Identifier {
    if BuiltInRole(rawValue: text) != nil {
      throw Rejection.conflict("the role \(text) is built in").problem
    }
    return try identifier(text, .role, "role")
  }

  private static func answer(_ id: Identifier, _ state: StateSnapshot) throws -> Response {
    guard let role = try state.role(id) else { throw Problem.notFound("role") }
    return try answer(role.shown, id, state)
  }
}
