import CanonicalJSON
import Credentials
import HTTPServer
import Ledger
import Projections

/// `/admin/clients/{id}/secrets`
extension Desk {
  func rotateSecret(
    ofClient text: String, _ request: Request, _ exchange: Exchange
  ) throws {
    let caller = try administrator(request, .writeSecrets)
    let id = try identifier(text, .client, "client")
    guard let client = try state.read({ try $0.client(id) }) else {
      throw Problem.notFound("client")
    }
    let secret = ClientSecret.generate(isTest: client.metadata.mode == .test)
    let action = try rejecting {
      try RotateSecret(
        client: id, secret: verifier(of: secret, client: id), fields: try jsonBody(request))
    }
    try create(.rotateSecret(action), request, caller, exchange) { events, isNew in
      try Self.rotatedSecret(events, isNew ? secret : nil)
    }
  }

  /// - Parameter secret: nil when it was shown before.
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
      .init("secret", representation(Secret(data.secret, client: data.client, event))),
    ]
    if let secret { members.append(.init("client_secret", .string(secret.disclose()))) }
    return .object(members)
  }

  func revokeSecret(
    _ secretText: String, ofClient clientText: String, _ request: Request, _ exchange: Exchange
  ) throws {
    let caller = try administrator(request, .writeSecrets)
    let client = try identifier(clientText, .client, "client")
    let secret = try identifier(secretText, .secret, "secret")
    let command = Command(
      actor: caller.actor, permissions: caller.permissions, credential: caller.credential,
      reason: try reason(request),
      action: .revokeSecret(RevokeSecret(client: client, secret: secret)))
    submit(command, exchange) { [self] outcome in
      let events = try outcome.accepted()
      guard let event = events.last, let revoked = try state.read({ try $0.secret(secret) }) else {
        throw Problem.notFound("secret")
      }
      var response = Response.json(Self.representation(revoked))
      response.headers.append(("Ledger-Position", String(event.position)))
      return response
    }
  }

  func listSecrets(ofClient text: String, _ request: Request) throws -> Response {
    let id = try identifier(text, .client, "client")
    return try state.read { state in
      guard try state.client(id) != nil else { throw Problem.notFound("client") }
      return try list(try state.secrets(of: id), request) { secret in
        Self.representation(secret).adding(try useMembers(secret))
      }
    }
  }

  /// How often the secret bought a token, and when last; whether it may still do so.
  private func useMembers(_ secret: Secret) throws -> [JSON.Member] {
    var members: [JSON.Member] = [.init("active", .bool(secret.isActive(at: now)))]
    let use = try state.use(of: secret.id)
    members.append(.init("tokens_issued", .integer(Int64(use?.count ?? 0))))
    if let use { members.append(.init("last_used", .string(use.last.text))) }
    return members
  }

  /// A secret as it may be shown: without its verifier.
  static func representation(_ secret: Secret) -> JSON {
    var members: [JSON.Member] = [
      .init("created", .string(secret.created.text)), .init("id", .string(secret.id.text)),
      .init("last_four", .string(secret.verifier.lastFour)),
    ]
    if let expires = secret.expires { members.append(.init("expires", .integer(expires))) }
    if let revoked = secret.revoked { members.append(.init("revoked", .string(revoked.text))) }
    return .object(members)
  }
}
