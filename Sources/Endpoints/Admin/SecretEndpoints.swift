import CanonicalJSON
import Credentials
import HTTPServer
import Ledger
import Narrative
import Projections

/// `/admin/clients/{id}/secrets`
extension Desk {
  func rotateSecret(
    ofClient text: String, _ request: Request, _ exchange: Exchange
  ) throws {
    let (caller, client) = try changing(text, .writeSecrets, request)
    let body = try jsonBody(request)
    let secret = NewSecret(body, isTest: client.metadata.mode == .test)
    let action = try rejecting {
      try RotateSecret(
        client: client.id, secret: verifier(of: secret.value, client: client.id), fields: body)
    }
    try create(.rotateSecret(action), reason: action.reason, request, caller, exchange) {
      try Self.rotatedSecret($0, $1 ? secret.shown : nil)
    }
  }

  /// - Parameter secret: nil when it was shown before, or chosen.
  private static func rotatedSecret(_ events: [Event], _ secret: ClientSecret?) throws -> JSON {
    guard let event = events.first, case .secretRotated(let data) = event.body else {
      throw Problem.notFound("secret")
    }
    let replaced = data.replaced.map { replaced in
      JSON.object([
        .init("expires", .integer(replaced.expires)), .init("id", .string(replaced.id.text)),
      ])
    }
    var members: [JSON.Member] = [
      .init("replaced", .array(replaced)),
      .init("secret", Secret(data.secret, client: data.client, event).shown),
    ]
    if let secret { members.append(.init("client_secret", .string(secret.disclose()))) }
    return .object(members)
  }

  func revokeSecret(
    _ secretText: String, ofClient clientText: String, _ request: Request, _ exchange: Exchange
  ) throws {
    let (caller, client) = try changing(clientText, .writeSecrets, request)
    let secret = try identifier(secretText, .secret, "secret")
    try change(
      .revokeSecret(RevokeSecret(client: client.id, secret: secret)), reason: try reason(request),
      request, caller, exchange
    ) { try Self.answer(secret: secret, $0) }
  }

  func listSecrets(
    ofClient text: String, _ request: Request, _ caller: Administrator
  ) throws -> Response {
    let client = try identifier(text, .client, "client")
    return try list(
      .secrets, request, in: caller.places(for: .readClients), facts: Self.secretFacts,
      computed: [.active]
    ) { state in
      _ = try caller.visible(try state.existingClient(client), "client", .readClients)
      return [Listing.secrets.condition("client", client)]
    } represent: {
      try Self.listedSecret($0, $1, $2)
    }
  }

  /// `GET /admin/secrets`: those of all clients.
  func listSecrets(_ request: Request, _ caller: Administrator) throws -> Response {
    try list(
      .secrets, request, in: caller.places(for: .readClients), facts: Self.secretFacts,
      computed: [.active]
    ) {
      try Self.listedSecret($0, $1, $2)
    }
  }

  /// Members beside those of the record.
  private static let secretFacts = ["active", "last_used", "tokens_issued"]

  private static func listedSecret(
    _ row: ListRow, _ state: StateSnapshot, _ moment: Moment
  ) throws -> JSON {
    let secret = try Secret(canonicalBytes: row.record)
    return secret.shown
      .adding([.init("client", .string(secret.client.text))])
      .adding(try useMembers(secret, state, moment))
  }

  /// How often the secret has bought a token so far, and when last; whether it could at the moment.
  private static func useMembers(
    _ secret: Secret, _ state: StateSnapshot, _ moment: Moment
  ) throws -> [JSON.Member] {
    var members: [JSON.Member] = [.init("active", .bool(secret.isActive(at: moment.time)))]
    let use = try state.use(of: secret.id)
    members.append(.init("tokens_issued", .integer(Int64(use?.count ?? 0))))
    if let use { members.append(.init("last_used", .string(use.last.text))) }
    return members
  }
}
