import CanonicalJSON
import Credentials
import HTTPServer
import Ledger
import Narrative
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
      .init("secret", Secret(added.secret, client: events[0].subject, events[0]).shown),
    ]
    if let secret { members.append(.init("client_secret", .string(secret.disclose()))) }
    return .object(members)
  }

  func listClients(_ request: Request, _ caller: Administrator) throws -> Response {
    try list(
      .clients, request, in: caller.places(for: .readClients), facts: Self.clientFacts,
      computed: [.tokenCreated]
    ) {
      try Self.listedClient($0, $1, $2)
    }
  }

  func listClients(
    ofProject text: String, _ request: Request, _ caller: Administrator
  ) throws -> Response {
    let project = try identifier(text, .project, "project")
    let places = try caller.places(for: .readClients)
    return try list(
      .clients, request, in: places, facts: Self.clientFacts, computed: [.tokenCreated]
    ) { state in
      _ = try caller.visible(try state.project(project), "project", .readClients)
      return [Listing.clients.condition("project", project)]
    } represent: {
      try Self.listedClient($0, $1, $2)
    }
  }

  /// Members beside those of the record.
  private static let clientFacts = ["last_token"]

  private static func listedClient(
    _ row: ListRow, _ state: StateSnapshot, _ moment: Moment
  ) throws -> JSON {
    guard let id = Identifier(.client, bytes: row.key) else { throw Problem.notFound("client") }
    return try JSON.parse(row.record).adding(lastToken(of: id, state, moment))
  }

  /// The last token that a client had at a moment, if it had one.
  private static func lastToken(
    of client: Identifier, _ state: StateSnapshot, _ moment: Moment
  ) throws -> [JSON.Member] {
    guard let position = try state.lastTokens(of: client, upTo: moment.position, limit: 1).first,
      let event = try state.event(at: position)
    else { return [] }
    return [
      .init(
        "last_token",
        .object([
          .init("id", .string(event.subject.text)),
          .init("issued", .string(event.recorded.text)),
          .init("position", .integer(Int64(position))),
        ]))
    ]
  }

  func showClient(
    _ text: String, _ request: Request, _ caller: Administrator
  ) throws -> Response {
    let moment = try moment(try query(request, ["as_of"])["as_of"])
    return try show(text, .client, "client", request, .readClients, for: caller) { state, id in
      try state.existingClient(id)
    } facts: { id, state in
      try Self.lastToken(of: id, state, moment)
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
