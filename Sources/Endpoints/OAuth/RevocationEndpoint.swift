import HTTPServer
import Ledger
import Projections

/// `POST /connect/revoke` (RFC 7009).
extension Desk {
  /// A client revokes its own tokens, and those of others where it holds `tokens:revoke`. A token
  /// that is unknown or not good any more is a success; one of another client is refused.
  func revokeToken(_ request: Request, _ exchange: Exchange) throws {
    let form = try oauthForm(request)
    let credentials = try ClientCredentials(request, form)
    let caller = try authenticate(credentials, from: request.peer)
    guard let text = form["token"] else {
      throw OAuthError.invalidRequest("token is missing")
    }
    guard let token = try state.read({ _ in try recordedToken(text) }) else {
      exchange.respond(Self.revoked(nil))
      return
    }
    let command = Command(
      actor: .client(caller.client.id, address: request.peer),
      permissions: Set(Permission.allCases), credential: .secret(caller.secret),
      action: .revokeToken(RevokeToken(token: token.id, issuedAt: token.position)))
    submit(command, exchange) { outcome in
      Self.revoked(try outcome.granted().last?.position)
    }
  }

  private static func revoked(_ position: Position?) -> Response {
    var headers: [(name: String, value: String)] = [("Cache-Control", "no-store")]
    if let position { headers.append(("Ledger-Position", String(position))) }
    return Response(status: 200, headers: headers)
  }
}
