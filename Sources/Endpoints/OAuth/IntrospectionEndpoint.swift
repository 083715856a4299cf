import CanonicalJSON
import HTTPServer
import Ledger
import Projections

/// `POST /connect/introspect` (RFC 7662). Writes nothing.
extension Desk {
  /// A client sees its own tokens, and those of others where it holds `tokens:introspect`, but only
  /// of its own mode. Every other token, whatever is wrong with it, is exactly `{"active":false}`.
  func introspect(_ request: Request) throws -> Response {
    let form = try oauthForm(request)
    let credentials = try ClientCredentials(request, form)
    let caller = try authenticate(credentials, from: request.peer)
    guard let text = form["token"] else {
      throw OAuthError.invalidRequest("token is missing")
    }
    return try state.read { _ in
      guard let token = try activeToken(text),
        let client = try holder(of: token, visibleTo: caller)
      else { return Response.json(.object([.init("active", .bool(false))])) }
      return Response.json(.object(members(token, client) + (try domainMembers(token, client))))
    }
  }

  /// Nil when the caller may not know of the token.
  private func holder(of token: IssuedToken, visibleTo caller: AuthenticatedClient) throws
    -> Client?
  {
    guard token.data.mode == caller.client.metadata.mode else { return nil }
    if token.client == caller.client.id { return caller.client }
    guard caller.authority.holds(.introspectTokens), let client = try state.client(token.client),
      caller.authority.holds(.introspectTokens, at: client.place)
    else { return nil }
    return client
  }

  private func members(_ token: IssuedToken, _ client: Client) -> [JSON.Member] {
    var members: [JSON.Member] = [
      .init("active", .bool(true)), .init("aud", .string(token.data.audience)),
      .init("client_id", .string(client.clientID)), .init("exp", .integer(token.data.expires)),
      .init("iat", .integer(token.issued.seconds)), .init("iss", .string(service.issuer)),
      .init("jti", .string(token.id.text)),
      .init("ledger_position", .integer(Int64(token.position))),
      .init("scope", .string(token.data.scope.text)), .init("sub", .string(client.clientID)),
      .init("token_type", .string("Bearer")),
    ]
    if token.data.mode == .test { members.append(.init("mode", .string("test"))) }
    return members
  }

  /// For tokens of a domain: which, and whether it may call the API now.
  private func domainMembers(_ token: IssuedToken, _ client: Client) throws -> [JSON.Member] {
    guard let name = token.data.domain else { return [] }
    let domain = try state.project(client.project)?.domain(name)
    return [
      .init("domain", .string(name.text)),
      .init("domain_api_access", .bool(domain?.rule.terms.mayCallAPI ?? false)),
    ]
  }
}
