import CanonicalJSON
import HTTPServer
import Ledger
import Narrative
import Projections

/// `/admin/clients/{id}/roles`: which roles a client holds, where, and by whose grant.
extension Desk {
  func grantRole(
    toClient text: String, _ request: Request, _ exchange: Exchange
  ) throws {
    let caller = try administrator(request, .writeRoles)
    let client = try identifier(text, .client, "client")
    let id = identifiers.next(.grant)
    let action = try rejecting {
      try GrantRole(id: id, client: client, fields: try jsonBody(request))
    }
    try create(.grantRole(action), reason: action.reason, request, caller, exchange) {
      [self] events, _ in
      guard let event = events.first, case .roleGranted(let data) = event.body else {
        throw Problem.notFound("grant")
      }
      return try state.read(asOf: event.position) { state in
        let grants = try state.holdings(of: client)?.grants ?? []
        guard let grant = grants.first(where: { $0.id == data.grant }) else {
          throw Problem.notFound("grant")
        }
        try caller.require(.writeRoles, at: grant.place, hiding: "grant")
        return try Self.representation(grant, in: state)
      }
    }
  }

  func listGrants(
    ofClient text: String, _ request: Request, _ caller: Administrator
  ) throws -> Response {
    let id = try identifier(text, .client, "client")
    let query = try query(request, ["page", "per_page", "as_of"])
    let position = try moment(query["as_of"]).position
    var response = try state.read(asOf: position) { state in
      _ = try caller.visible(try state.existingClient(id), "client", .readClients)
      return try list(try Self.grants(of: id, caller, state), request, filters: ["as_of"]) { $0 }
    }
    response.headers.append(("Ledger-Position", String(position)))
    return response
  }

  /// Answers with the roles that are left.
  func withdrawRole(
    _ grantText: String, fromClient clientText: String, _ request: Request, _ exchange: Exchange
  ) throws {
    let caller = try administrator(request, .writeRoles)
    let client = try identifier(clientText, .client, "grant")
    let grant = try identifier(grantText, .grant, "grant")
    try change(
      .withdrawRole(WithdrawRole(client: client, grant: grant)), reason: try reason(request),
      request, caller, exchange
    ) { state in
      let left = try Self.grants(of: client, caller, state)
      return .json(.object([.init("items", .array(left))]))
    }
  }

  /// Those at places where the caller reads clients.
  private static func grants(
    of client: Identifier, _ caller: Administrator, _ state: StateSnapshot
  ) throws -> [JSON] {
    let grants = try state.holdings(of: client)?.grants ?? []
    return try grants.filter { caller.authority.holds(.readClients, at: $0.place) }
      .map { try representation($0, in: state) }
  }

  /// Who granted it and why is what its event says.
  private static func representation(_ grant: Grant, in state: StateSnapshot) throws -> JSON {
    guard let shown = try grant.shown(in: state) else { throw Problem.notFound("grant") }
    return shown
  }
}
