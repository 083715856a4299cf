import CanonicalJSON
import HTTPServer
import Ledger
import Projections
import Sequencer

/// `POST /connect/token` (RFC 6749 §4.4, §5).
extension Desk {
  func issueToken(_ request: Request, _ exchange: Exchange) throws {
    let form = try oauthForm(request)
    guard let grantType = form["grant_type"] else {
      throw OAuthError.invalidRequest("grant_type is missing")
    }
    guard grantType == "client_credentials" else { throw OAuthError.unsupportedGrantType }
    let credentials = try ClientCredentials(request, form)
    let caller = try authenticate(credentials, from: request.peer)
    let command = Command(
      actor: .client(caller.client.id, address: request.peer),
      action: .issueToken(
        IssueToken(
          id: identifiers.next(.token), client: caller.client.id, secret: caller.secret,
          requested: try requestedScope(form), holdsRoles: !caller.authority.parts.isEmpty,
          domain: try domain(of: request, form, caller),
          network: try caller.networks.newNetwork(of: request.peer, caller.client.id, state))))
    submit(command, exchange) { [self] outcome in
      if case .rejected(.domainRefused(_)) = outcome {
        service.gatekeeper.noteRefusedDomain(of: caller.client, from: request.peer)
      }
      // Without a token the client was suspended, for where it asks from.
      guard let event = try outcome.granted().first, let token = IssuedToken(event) else {
        throw OAuthError.invalidClient
      }
      return try tokenResponse(token, clientID: caller.client.clientID)
    }
  }

  private func requestedScope(_ form: FormParameters) throws(OAuthError) -> Scope? {
    guard let text = form["scope"] else { return nil }
    guard let scope = Scope(text) else { throw .invalidScope }
    return scope
  }

  /// The domain that a token is asked for under. Where the client's project has none, only the
  /// parameter counts, which then names one too many.
  private func domain(
    of request: Request, _ form: FormParameters, _ caller: AuthenticatedClient
  ) throws(OAuthError) -> DomainName? {
    var sources = DomainSources(parameter: form["domain"])
    guard caller.hasDomains || sources.parameter != nil else { return nil }
    sources.origins = request.headers(named: "origin")
    if request.isFromTrustedProxy {
      sources.forwardedHosts = request.headers(named: "x-forwarded-host")
    }
    return try sources.domain(ownHost: service.issuerHost)
  }

  private func tokenResponse(_ token: IssuedToken, clientID: String) throws -> Response {
    var writer = JSONWriter(reservingCapacity: 960)
    writer.beginObject()
    writer.member("access_token", ascii: try accessToken(token, clientID: clientID))
    writer.member("expires_in", token.data.expires - token.issued.seconds)
    writer.member("scope", token.data.scope.text)
    writer.member("token_type", "Bearer")
    writer.endObject()
    return Response(
      status: 200,
      headers: [
        ("Content-Type", "application/json"), ("Cache-Control", "no-store"),
        ("Pragma", "no-cache"), ("Ledger-Position", String(token.position)),
      ], body: .bytes(writer.bytes))
  }
}
