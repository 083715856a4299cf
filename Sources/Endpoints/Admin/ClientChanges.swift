import CanonicalJSON
import HTTPServer
import Ledger
import Narrative
import Projections

/// The life of a client after its registration: `/admin/clients/{id}` and what stands below it.
extension Desk {
  /// `PATCH /admin/clients/{id}`
  func editClient(_ text: String, _ request: Request, _ exchange: Exchange) throws {
    let (caller, client) = try changing(text, .writeClients, request)
    let precondition = try precondition(request, for: client.id)
    let action = try rejecting {
      try EditClient(client: client.id, issuer: service.issuer, fields: try jsonBody(request))
    }
    try change(
      .editClient(action), reason: action.reason, precondition: precondition, request, caller,
      exchange
    ) { try Self.answer(client.id, $0) }
  }

  /// `POST /admin/clients/{id}/disable`
  func disableClient(_ text: String, _ request: Request, _ exchange: Exchange) throws {
    let (caller, client) = try changing(text, .writeClients, request)
    let action = try rejecting {
      try DisableClient(client: client.id, fields: try jsonBody(request))
    }
    try change(.disableClient(action), reason: action.reason, request, caller, exchange) {
      try Self.answer(client.id, $0)
    }
  }

  /// `POST /admin/clients/{id}/enable`
  func enableClient(_ text: String, _ request: Request, _ exchange: Exchange) throws {
    let (caller, client) = try changing(text, .writeClients, request)
    let action = try rejecting {
      try EnableClient(client: client.id, fields: try jsonBody(request))
    }
    try change(.enableClient(action), reason: action.reason, request, caller, exchange) {
      try Self.answer(client.id, $0)
    }
  }

  /// `POST /admin/clients/{id}/revocations`: of the client, or of one of its secrets.
  func revokeClient(_ text: String, _ request: Request, _ exchange: Exchange) throws {
    let (caller, client) = try changing(text, .writeSystem, request)
    let action = try rejecting {
      try RevokeClient(client: client.id, fields: try jsonBody(request))
    }
    try change(.revokeClient(action), reason: action.reason, request, caller, exchange) { state in
      guard let secret = action.secret else { return try Self.answer(client.id, state) }
      return try Self.answer(secret: secret, state)
    }
  }

  /// `DELETE /admin/clients/{id}`
  func deleteClient(_ text: String, _ request: Request, _ exchange: Exchange) throws {
    let (caller, client) = try changing(text, .writeClients, request)
    try change(
      .deleteClient(DeleteClient(client: client.id)), reason: try reason(request),
      precondition: try precondition(request, for: client.id), request, caller, exchange
    ) { try Self.answer(client.id, $0) }
  }

  /// The caller, and the client of a path that it means to change.
  func changing(
    _ text: String, _ permission: Permission, _ request: Request
  ) throws -> (Administrator, Client) {
    let caller = try administrator(request, permission)
    let id = try identifier(text, .client, "client")
    let client = try state.read { state in
      try caller.visible(try state.existingClient(id), "client", permission)
    }
    return (caller, client)
  }

  /// The client, deleted or not.
  private static func answer(_ id: Identifier, _ state: StateSnapshot) throws -> Response {
    guard let client = try state.client(id) else { throw Problem.notFound("client") }
    return try answer(try representation(client), id, state)
  }

  /// The secret, ended or not.
  static func answer(secret id: Identifier, _ state: StateSnapshot) throws -> Response {
    guard let secret = try state.secret(id) else { throw Problem.notFound("secret") }
    return Response.json(secret.shown)
  }
}
