import CanonicalJSON
import Credentials
import HTTPServer
import Ledger
import Projections

/// `/admin/clients` and `/admin/projects/{id}/clients`
extension Desk {
  func addClient(
    toProject text: String, _ request: Request, _ exchange: Exchange
  ) throws {
    let caller = try administrator(request, .writeClients)
    let project = try identifier(text, .project, "project")
    _ = try state.read {
      try caller.visible(try $0.project(project), "project", .writeClients)
    }
    let body = try jsonBody(request)
    let id = identifiers.next(.client)
    let secret = NewSecret(body, isTest: body["mode"]?.string == "test")
    let action = try rejecting {
      try AddClient(
        id: id, charge: identifiers.next(.charge), project: project,
        secret: verifier(of: secret.value, client: id), issuer: service.issuer, fields: body)
    }
    try create(.addClient(action), reason: action.reason, request, caller, exchange) {
      try Self.addedClient($0, $1 ? secret.shown : nil)
    }
  }

  /// What may be recorded of a new secret.
  func verifier(of secret: ClientSecret, client: Identifier) -> SecretVerifier {
    SecretVerifier(secret, id: identifiers.next(.secret), client: client, service.newestPepper)
  }

  /// - Parameter secret: nil when it was shown before, or chosen.
  private static func addedClient(_ events: [Event], _ secret: ClientSecret?) throws -> JSON {
    guard let client = Client.registered(by: events), events.count >= 2,
      case .clientAdded(let added) = events[0].body,
      case .billingCharged(let charge) = events[1].body
    else { throw Problem.notFound("client") }
    var members: [JSON.Member] = [
      .init("charge", try representation(charge, events[1])),
      .init("client", try representation(client)),
      .init(
        "secret",
        representation(Secret(added.secret, client: events[0].subject, events[0]))),
    ]
    if let secret { members.append(.init("client_secret", .string(secret.disclose()))) }
    return .object(members)
  }

  func listClients(_ request: Request, _ caller: Administrator) throws -> Response {
    let places = try caller.places(for: .readClients)
    let clients = try records(try state.read { try $0.clients() }, in: places)
    return try list(clients, request) { try JSON.parse($0) }
  }

  func listClients(
    ofProject text: String, _ request: Request, _ caller: Administrator
  ) throws -> Response {
    let project = try identifier(text, .project, "project")
    let clients = try state.read { state -> [Client] in
      _ = try caller.visible(try state.project(project), "project", .readClients)
      return try state.clients(of: project)
    }
    return try list(clients, request) { try Self.representation($0) }
  }

  func showClient(_ id: String, _ request: Request) throws -> Response {
    let caller = try administrator(request, .readClients)
    return try show(id, .client, "client", request, .readClients, for: caller) {
      try $0.existingClient($1)
    }
  }

  /// `GET /admin/acknowledgements`: what a person accepts by naming the five acknowledgements.
  func acknowledgements(_ request: Request) throws -> Response {
    _ = try administrator(request, .readClients)
    _ = try query(request, [])
    let items = Acknowledgements.statements.map { statement in
      JSON.object([
        .init("name", .string(statement.name)), .init("text", .string(statement.text)),
      ])
    }
    return Response.json(
      .object([
        .init("items", .array(items)),
        .init("statement", .string(Acknowledgements.currentStatement)),
      ]))
  }
}
