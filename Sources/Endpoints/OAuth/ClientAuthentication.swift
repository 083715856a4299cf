import Credentials
import Cryptography
import HTTPServer
import Ledger
import Projections

/// What a request presents to authenticate its client (RFC 6749 §2.3.1).
struct ClientCredentials {
  let clientID: String
  let secret: ClientSecret

  /// Takes `client_secret_basic` or `client_secret_post`.
  ///
  /// - Throws: `invalid_request` for both at once or two ids that differ, `invalid_client` for
  ///   none or a header that cannot be read.
  init(_ request: Request, _ form: FormParameters) throws(OAuthError) {
    let headers = request.headers(named: "authorization")
    guard headers.count <= 1 else {
      throw .invalidRequest("the Authorization header is there twice")
    }
    guard let header = headers.first else {
      guard let id = form["client_id"], let secret = form["client_secret"] else {
        throw .invalidClient
      }
      clientID = id
      self.secret = ClientSecret(presented: secret)
      return
    }
    guard form["client_secret"] == nil else {
      throw .invalidRequest("the client authenticates in two ways at once")
    }
    guard let (id, secret) = Self.basic(header) else { throw .invalidClient }
    if let other = form["client_id"], other != id {
      throw .invalidRequest("client_id differs from the one in the Authorization header")
    }
    clientID = id
    self.secret = ClientSecret(presented: secret)
  }

  /// Both halves are form-encoded before they are joined and put in base64.
  private static func basic(_ header: String) -> (id: String, secret: String)? {
    let parts = header.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "basic",
      let decoded = Base64.decode(String(parts[1])),
      let colon = decoded.firstIndex(of: UInt8(ascii: ":")),
      let id = FormParameters.decode(decoded[..<colon]),
      let secret = FormParameters.decode(decoded[(colon + 1)...])
    else { return nil }
    return (id, secret)
  }
}

/// A client that has shown one of its active secrets.
struct AuthenticatedClient {
  let client: Client
  let secret: Identifier
}

extension Desk {
  /// Checks credentials against the state. Only inside `state.read`.
  ///
  /// An unknown client costs what a wrong secret costs: the records of another one are read, the
  /// same code is computed, and the comparison is in constant time.
  func authenticate(_ credentials: ClientCredentials) throws -> AuthenticatedClient {
    let known = try state.client(wireID: credentials.clientID)
    let id = known ?? service.decoy
    guard let client = try state.client(id) else { throw OAuthError.invalidClient }
    let matched = try matchingSecret(credentials.secret, of: client)
    guard known != nil, let matched else { throw OAuthError.invalidClient }
    return AuthenticatedClient(client: client, secret: matched)
  }

  private func matchingSecret(
    _ presented: ClientSecret, of client: Client
  ) throws -> Identifier? {
    let codes = service.peppers.map { pepper in
      let code = presented.verifier(pepper: pepper, client: client.id.text)
      var encoded: [UInt8] = []
      Base64URL.append(code.bytes.span, to: &encoded)
      return (pepper.id, encoded)
    }
    let now = now
    var matched: Identifier?
    for secret in try state.activeSecrets(of: client.id) where secret.isActive(at: now) {
      for (pepper, code) in codes where pepper == secret.pepper {
        if constantTimeEquals(code, secret.verifier) { matched = secret.id }
      }
    }
    return matched
  }
}
