import HTTPServer
import Ledger

/// What stands at each path. A path that is known answers 405 to other methods.
extension Desk {
  func route(_ request: Request, _ exchange: Exchange) throws {
    let (route, ids) = Route.find(request.path)
    exchange.setRoute(route.rawValue)
    if route == .other { throw Problem.noSuchPath }
    guard let method = Method(request.method) else { throw Problem.methodNotAllowed(route.allowed) }
    if route == .proof, method == .get {
      try prove(ids[0], request, exchange)
    } else if method != .get {
      try act(route, method, ids, request, exchange)
    } else if let reading = longReading(route, ids, request) {
      try inBackground(reading, request, exchange)
    } else {
      exchange.respond(try read(route, ids, request))
    }
  }

  private func act(
    _ route: Route, _ method: Method, _ ids: [String], _ request: Request, _ exchange: Exchange
  ) throws {
    switch (route, method) {
    case (.token, .post): try issueToken(request, exchange)
    case (.introspection, .post): exchange.respond(try introspect(request))
    case (.revocation, .post): try revokeToken(request, exchange)
    case (.plans, .post): try definePlan(request, exchange)
    case (.plan, .patch): try revisePlan(ids[0], request, exchange)
    case (.accounts, .post): try openAccount(request, exchange)
    case (.account, .patch): try editAccount(ids[0], request, exchange)
    case (.account, .delete): try closeAccount(ids[0], request, exchange)
    case (.suspendAccount, .post): try suspendAccount(ids[0], request, exchange)
    case (.resumeAccount, .post): try resumeAccount(ids[0], request, exchange)
    case (.projects, .post): try createProject(request, exchange)
    case (.project, .patch): try editProject(ids[0], request, exchange)
    case (.project, .delete): try deleteProject(ids[0], request, exchange)
    case (.scopes, .post): try defineScope(inProject: ids[0], request, exchange)
    case (.scope, .patch): try editScope(ids[1], ofProject: ids[0], request, exchange)
    case (.scope, .delete): try removeScope(ids[1], ofProject: ids[0], request, exchange)
    case (.domains, .post): try addDomain(toProject: ids[0], request, exchange)
    case (.domain, .patch): try changeDomain(ids[1], ofProject: ids[0], request, exchange)
    case (.domain, .delete): try removeDomain(ids[1], ofProject: ids[0], request, exchange)
    case (.domainCheck, .post):
      let check = LongReading(.readTokens, isReport: true) {
        try $0.checkDomain(ids[1], ofProject: ids[0], request, $1)
      }
      try inBackground(check, request, exchange)
    case (.clientsOfProject, .post): try addClient(toProject: ids[0], request, exchange)
    case (.client, .patch): try editClient(ids[0], request, exchange)
    case (.client, .delete): try deleteClient(ids[0], request, exchange)
    case (.disabling, .post): try disableClient(ids[0], request, exchange)
    case (.enabling, .post): try enableClient(ids[0], request, exchange)
    case (.revocations, .post): try revokeClient(ids[0], request, exchange)
    case (.secrets, .post): try rotateSecret(ofClient: ids[0], request, exchange)
    case (.secret, .delete): try revokeSecret(ids[1], ofClient: ids[0], request, exchange)
    case (.grants, .post): try grantRole(toClient: ids[0], request, exchange)
    case (.grant, .delete): try withdrawRole(ids[1], fromClient: ids[0], request, exchange)
    case (.roles, .post): try defineRole(request, exchange)
    case (.role, .patch): try reviseRole(ids[0], request, exchange)
    case (.role, .delete): try removeRole(ids[0], request, exchange)
    case (.revocationList, .post):
      let revocation = LongReading(.revokeTokens) { try $0.revokeListed(request, $1) }
      try inBackground(revocation, request, exchange)
    case (.policy, .patch): try revisePolicy(request, exchange)
    default: throw Problem.methodNotAllowed(route.allowed)
    }
  }

  /// What is read at once, on the loop.
  private func read(_ route: Route, _ ids: [String], _ request: Request) throws -> Response {
    switch route {
    case .metadata: metadata()
    case .keys: try keySet()
    case .openAPI: openAPI()
    case .health: health()
    case .readiness: readiness()
    case .metrics: try metrics(request)
    case .acknowledgements: try acknowledgements(request)
    case .plan: try showPlan(ids[0], request)
    case .account: try showAccount(ids[0], request)
    case .project: try showProject(ids[0], request)
    case .scopes: try list(\.scopes, ofProject: ids[0], request)
    case .scope: try showScope(ids[1], ofProject: ids[0], request)
    case .domains: try list(\.domains, ofProject: ids[0], request)
    case .domain: try showDomain(ids[1], ofProject: ids[0], request)
    case .role: try showRole(ids[0], request)
    case .charge: try showCharge(ids[0], request)
    case .events: try listEvents(request)
    case .event: try showEvent(ids[0], request)
    case .reports: try listReports(request)
    case .policy: try showPolicy(request)
    case .checkpoint: try checkpoint(request)
    case .checkpointKey: try checkpointKey(request)
    case .tile: try tile(ids[0], ids[1], request)
    case .consistency: try consistency(request)
    default: throw Problem.methodNotAllowed(route.allowed)
    }
  }
}
