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
    let header = header.utf8.span
    guard let space = header.indices.first(where: { header[$0] == UInt8(ascii: " ") }),
      header.extracting(..<space).isEqual(ignoringCase: "basic"),
      let decoded = Base64.decode(header.extracting((space + 1)...)),
      let colon = decoded.firstIndex(of: UInt8(ascii: ":")),
      let id = FormParameters.decode(decoded.span.extracting(..<colon)),
      let secret = FormParameters.decode(decoded.span.extracting((colon + 1)...))
    else { return nil }
    return (id, secret)
  }
}

extension Span<UInt8> {
  /// Whether these are the bytes of a word in lower-case ASCII letters, or upper-case ones instead.
  fileprivate func isEqual(ignoringCase word: StaticString) -> Bool {
    guard count == word.utf8CodeUnitCount else { return false }
    return indices.allSatisfy { unsafe self[$0] | 0x20 == word.utf8Start[$0] }
  }
}

/// A client that has shown one of its active secrets.
struct AuthenticatedClient {
  let client: Client
  let secret: Identifier
  /// Whether its project restricts it to domains.
  let hasDomains: Bool
  /// What it may do by its roles.
  let authority: Authority
  let networks: KnownNetworks

  init(_ known: KnownClient, secret: Identifier) {
    client = known.client
    hasDomains = known.hasDomains
    networks = known.networks
    self.secret = secret
    authority = known.authority
  }
}

extension Desk {
  /// Checks credentials. Not inside `state.read`.
  ///
  /// - Throws: 401 when they are not good, 429 when too many were not before.
  func authenticate(
    _ credentials: ClientCredentials, from peer: String
  ) throws -> AuthenticatedClient {
    let isCounted = try service.gatekeeper.admit(credentials.clientID, from: peer)
    switch try check(credentials) {
    case .good(let caller):
      if isCounted { service.gatekeeper.noteSuccess(credentials.clientID, from: peer) }
      return caller
    case .denied(let client, let codes):
      service.gatekeeper.noteFailure(credentials.clientID, of: client, codes, from: peer)
      throw OAuthError.invalidClient
    }
  }

  /// What this loop remembers of the client only ever says yes; every no comes from the state. A
  /// client that is not known, or may not authenticate, costs what a wrong secret costs: records
  /// are read, the same codes are computed, and the comparison is in constant time; and few secrets
  /// cost what many cost.
  private func check(_ credentials: ClientCredentials) throws -> Verdict {
    let revision = service.state.clientRevision
    let remembered = knownClients.client(credentials.clientID, at: revision)
    let assumed = remembered ?? decoy
    let matched = matchingSecret(credentials.secret, of: assumed.client.id, among: assumed.secrets)
    if let remembered, let matched {
      return .good(AuthenticatedClient(remembered, secret: matched))
    }
    var codes: [PresentedCode] = []
    let (found, isKnown) = try state.read { try Self.find(credentials.clientID, or: decoy, in: $0) }
    let secret = matchingSecret(
      credentials.secret, of: found.client.id, among: found.secrets
    ) { codes.append($0) }
    guard let secret, isKnown, found.mayAuthenticate else {
      _ = matchingSecret(
        credentials.secret, of: found.client.id,
        among: nobodysSecrets.beside(found.secrets.count))
      return .denied(client: isKnown ? found.client.id : nil, codes)
    }
    let known = try state.read { try found.authorized(in: $0) }
    knownClients.insert(known, credentials.clientID, at: revision)
    return .good(AuthenticatedClient(known, secret: secret))
  }

  /// The client with an id on the wire; without one the decoy, read again.
  private static func find(
    _ wireID: String, or decoy: KnownClient, in state: StateSnapshot
  ) throws -> (found: KnownClient, isKnown: Bool) {
    let known = try state.client(wireID: wireID)
    let found = try KnownClient(known ?? decoy.client.id, in: state)
    return (found ?? decoy, known != nil && found != nil)
  }

  private enum Verdict {
    case good(AuthenticatedClient)
    /// With the codes of what was presented, for who looks into it later.
    case denied(client: Identifier?, [PresentedCode])
  }

  /// The active secret that is presented; every one is compared.
  private func matchingSecret(
    _ presented: ClientSecret, of client: Identifier, among secrets: [KnownClient.Secret],
    noting note: (PresentedCode) -> Void = { _ in }
  ) -> Identifier? {
    let now = now
    let client = client.ascii
    var matched: Identifier?
    for pepper in peppers {
      let code = presented.verifier(pepper: pepper, client: client)
      note(PresentedCode(pepper: pepper.id, code: code))
      for known in secrets
      where known.secret.pepper == pepper.id && known.secret.isActive(at: now) {
        if constantTimeEquals(code, known.code) { matched = known.secret.id }
      }
    }
    return matched
  }
}
