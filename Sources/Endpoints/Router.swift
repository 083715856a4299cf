import HTTPServer
import Ledger

/// What stands at each path. A path that is known answers 405 to other methods.
extension Desk {
  func route(_ request: Request, _ exchange: Exchange) throws {
    switch request.path {
    case "/connect/token": try post(request) { try issueToken(request, exchange) }
    case "/connect/introspect":
      try post(request) { exchange.respond(try introspect(request)) }
    case "/connect/revoke": try post(request) { try revokeToken(request, exchange) }
    case "/.well-known/oauth-authorization-server":
      try get(request) { exchange.respond(metadata()) }
    case "/.well-known/jwks.json": try get(request) { exchange.respond(try keySet()) }
    case "/healthz": try get(request) { exchange.respond(health()) }
    case "/readyz": try get(request) { exchange.respond(readiness()) }
    default: try routeAdmin(request, exchange)
    }
  }

  private func routeAdmin(_ request: Request, _ exchange: Exchange) throws {
    let segments = request.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    guard segments.first == "admin" else { throw Problem.noSuchPath }
    let rest = segments.dropFirst().map(String.init)
    switch rest.count {
    case 1: try routeCollection(rest[0], request, exchange)
    case 2: try routeItem(rest[0], rest[1], request, exchange)
    case 3: try routeNested(rest[0], rest[1], rest[2], request, exchange)
    case 4: try routeSecret(rest, request, exchange)
    default: throw Problem.noSuchPath
    }
  }

  private func routeCollection(
    _ name: String, _ request: Request, _ exchange: Exchange
  ) throws {
    switch name {
    case "acknowledgements": try get(request) { exchange.respond(try acknowledgements(request)) }
    case "plans":
      try getOrPost(
        request, get: { exchange.respond(try listPlans(request)) },
        post: { try definePlan(request, exchange) })
    case "accounts":
      try getOrPost(
        request, get: { exchange.respond(try listAccounts(request)) },
        post: { try openAccount(request, exchange) })
    case "projects":
      try getOrPost(
        request, get: { exchange.respond(try listProjects(request)) },
        post: { try createProject(request, exchange) })
    case "clients": try get(request) { exchange.respond(try listClients(request)) }
    case "charges": try get(request) { exchange.respond(try listCharges(request)) }
    case "events": try get(request) { exchange.respond(try listEvents(request)) }
    case "tokens": try get(request) { exchange.respond(try listTokens(request)) }
    default: throw Problem.noSuchPath
    }
  }

  private func routeItem(
    _ name: String, _ id: String, _ request: Request, _ exchange: Exchange
  ) throws {
    switch name {
    case "plans": try get(request) { exchange.respond(try showPlan(id, request)) }
    case "accounts": try get(request) { exchange.respond(try showAccount(id, request)) }
    case "projects": try get(request) { exchange.respond(try showProject(id, request)) }
    case "clients": try get(request) { exchange.respond(try showClient(id, request)) }
    case "charges": try get(request) { exchange.respond(try showCharge(id, request)) }
    case "events": try get(request) { exchange.respond(try showEvent(id, request)) }
    default: throw Problem.noSuchPath
    }
  }

  private func routeNested(
    _ name: String, _ id: String, _ part: String, _ request: Request, _ exchange: Exchange
  ) throws {
    switch (name, part) {
    case ("projects", "clients"):
      try getOrPost(
        request, get: { exchange.respond(try listClients(ofProject: id, request)) },
        post: { try addClient(toProject: id, request, exchange) })
    case ("clients", "secrets"):
      try getOrPost(
        request, get: { exchange.respond(try listSecrets(ofClient: id, request)) },
        post: { try rotateSecret(ofClient: id, request, exchange) })
    default: throw Problem.noSuchPath
    }
  }

  private func routeSecret(
    _ segments: [String], _ request: Request, _ exchange: Exchange
  ) throws {
    guard segments[0] == "clients", segments[2] == "secrets" else { throw Problem.noSuchPath }
    guard request.method == "DELETE" else { throw Problem.methodNotAllowed("DELETE") }
    try revokeSecret(segments[3], ofClient: segments[1], request, exchange)
  }

  private func get(_ request: Request, _ body: () throws -> Void) throws {
    guard request.method == "GET" || request.method == "HEAD" else {
      throw Problem.methodNotAllowed("GET, HEAD")
    }
    try body()
  }

  private func post(_ request: Request, _ body: () throws -> Void) throws {
    guard request.method == "POST" else { throw Problem.methodNotAllowed("POST") }
    try body()
  }

  private func getOrPost(
    _ request: Request, get: () throws -> Void, post: () throws -> Void
  ) throws {
    switch request.method {
    case "GET", "HEAD": try get()
    case "POST": try post()
    default: throw Problem.methodNotAllowed("GET, HEAD, POST")
    }
  }
}
