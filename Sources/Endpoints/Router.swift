import HTTPServer

/// What stands at each path. A path that is known answers 405 to other methods.
extension Desk {
  func route(_ request: Request, _ exchange: Exchange) throws {
    let (route, ids) = Route.find(request.path)
    exchange.setRoute(route.rawValue)
    let call = Call(request: request, exchange: exchange)
    switch route {
    case .other: throw Problem.noSuchPath
    case .token: try call.post { try issueToken(request, exchange) }
    case .introspection: try call.post { exchange.respond(try introspect(request)) }
    case .revocation: try call.post { try revokeToken(request, exchange) }
    case .metadata: try call.get { metadata() }
    case .keys: try call.get { try keySet() }
    case .health: try call.get { health() }
    case .readiness: try call.get { readiness() }
    case .metrics: try call.get { try metrics(request) }
    case .acknowledgements: try call.get { try acknowledgements(request) }
    case .plans:
      try call.get({ try listPlans(request) }, orPost: { try definePlan(request, exchange) })
    case .plan: try call.get { try showPlan(ids[0], request) }
    case .accounts:
      try call.get({ try listAccounts(request) }, orPost: { try openAccount(request, exchange) })
    case .account: try call.get { try showAccount(ids[0], request) }
    case .projects:
      try call.get({ try listProjects(request) }, orPost: { try createProject(request, exchange) })
    case .project: try call.get { try showProject(ids[0], request) }
    case .clientsOfProject:
      try call.get(
        { try listClients(ofProject: ids[0], request) },
        orPost: { try addClient(toProject: ids[0], request, exchange) })
    case .clients: try call.get { try listClients(request) }
    case .client: try call.get { try showClient(ids[0], request) }
    case .secrets:
      try call.get(
        { try listSecrets(ofClient: ids[0], request) },
        orPost: { try rotateSecret(ofClient: ids[0], request, exchange) })
    case .secret: try call.delete { try revokeSecret(ids[1], ofClient: ids[0], request, exchange) }
    case .charges: try call.get { try listCharges(request) }
    case .charge: try call.get { try showCharge(ids[0], request) }
    case .tokens: try call.get { try listTokens(request) }
    case .events: try call.get { try listEvents(request) }
    case .event: try call.get { try showEvent(ids[0], request) }
    }
  }
}

/// A request that is held to the methods that its path takes.
private struct Call {
  let request: Request
  let exchange: Exchange

  private var isRead: Bool { request.method == "GET" || request.method == "HEAD" }

  func get(_ answer: () throws -> Response) throws {
    guard isRead else { throw Problem.methodNotAllowed("GET, HEAD") }
    exchange.respond(try answer())
  }

  func post(_ action: () throws -> Void) throws {
    guard request.method == "POST" else { throw Problem.methodNotAllowed("POST") }
    try action()
  }

  func delete(_ action: () throws -> Void) throws {
    guard request.method == "DELETE" else { throw Problem.methodNotAllowed("DELETE") }
    try action()
  }

  func get(_ answer: () throws -> Response, orPost action: () throws -> Void) throws {
    if isRead { return exchange.respond(try answer()) }
    guard request.method == "POST" else { throw Problem.methodNotAllowed("GET, HEAD, POST") }
    try action()
  }
}
