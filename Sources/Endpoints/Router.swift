import HTTPServer
import Ledger

/// What stands at each path. A path that is known answers 405 to other methods.
extension Desk {
  func route(_ request: Request, _ exchange: Exchange) throws {
    let (route, ids) = Route.find(request.path)
    exchange.setRoute(route.rawValue)
    if route == .other { throw Problem.noSuchPath }
    guard let method = Method(request.method) else { throw Problem.methodNotAllowed(route.allowed) }
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
    case (.clientsOfProject, .post): try addClient(toProject: ids[0], request, exchange)
    case (.client, .patch): try editClient(ids[0], request, exchange)
    case (.client, .delete): try deleteClient(ids[0], request, exchange)
    case (.disabling, .post): try disableClient(ids[0], request, exchange)
    case (.enabling, .post): try enableClient(ids[0], request, exchange)
    case (.revocations, .post): try revokeClient(ids[0], request, exchange)
    case (.domains, .post): try addDomain(toProject: ids[0], request, exchange)
    case (.domain, .patch): try changeDomain(ids[1], ofProject: ids[0], request, exchange)
    case (.domain, .delete): try removeDomain(ids[1], ofProject: ids[0], request, exchange)
    case (.domainCheck, .post):
      try inBackground(.readTokens, in: service.reportRoom, request, exchange) { desk, caller in
        try desk.checkDomain(ids[1], ofProject: ids[0], request, caller)
      }
    case (.secrets, .post): try rotateSecret(ofClient: ids[0], request, exchange)
    case (.secret, .delete): try revokeSecret(ids[1], ofClient: ids[0], request, exchange)
    case (.plans, .get):
      try inBackground(.readBilling, at: .everything, request, exchange) {
        try $0.listPlans(request, $1)
      }
    case (.accounts, .get):
      try inBackground(.readAccounts, request, exchange) { try $0.listAccounts(request, $1) }
    case (.projects, .get):
      try inBackground(.readProjects, request, exchange) { try $0.listProjects(request, $1) }
    case (.clientsOfProject, .get):
      try inBackground(.readClients, request, exchange) {
        try $0.listClients(ofProject: ids[0], request, $1)
      }
    case (.clients, .get):
      try inBackground(.readClients, request, exchange) { try $0.listClients(request, $1) }
    case (.client, .get):
      try inBackground(.readClients, request, exchange) { try $0.showClient(ids[0], request, $1) }
    case (.secrets, .get):
      try inBackground(.readClients, request, exchange) {
        try $0.listSecrets(ofClient: ids[0], request, $1)
      }
    case (.roles, .post): try defineRole(request, exchange)
    case (.role, .patch): try reviseRole(ids[0], request, exchange)
    case (.role, .delete): try removeRole(ids[0], request, exchange)
    case (.grants, .post): try grantRole(toClient: ids[0], request, exchange)
    case (.grant, .delete): try withdrawRole(ids[1], fromClient: ids[0], request, exchange)
    case (.roles, .get):
      try inBackground(.readClients, request, exchange) { desk, _ in try desk.listRoles(request) }
    case (.grants, .get):
      try inBackground(.readClients, request, exchange) { desk, caller in
        try desk.listGrants(ofClient: ids[0], request, caller)
      }
    case (.allSecrets, .get):
      try inBackground(.readClients, request, exchange) { try $0.listSecrets(request, $1) }
    case (.charges, .get):
      try inBackground(.readBilling, request, exchange) { try $0.listCharges(request, $1) }
    case (.tokens, .get):
      try inBackground(.readTokens, request, exchange) { try $0.listTokens(request, $1) }
    case (.listedToken, .get):
      try inBackground(.readTokens, request, exchange) { try $0.showToken(ids[0], request, $1) }
    case (.accountHistory, .get):
      try inBackground(.readAudit, request, exchange) { desk, caller in
        try desk.history(ofAccount: ids[0], request, caller)
      }
    case (.projectHistory, .get):
      try inBackground(.readAudit, request, exchange) { desk, caller in
        try desk.history(ofProject: ids[0], request, caller)
      }
    case (.clientHistory, .get):
      try inBackground(.readAudit, request, exchange) { desk, caller in
        try desk.history(ofClient: ids[0], request, caller)
      }
    case (.policy, .patch): try revisePolicy(request, exchange)
    case (.alerts, .get):
      try inBackground(.readAudit, request, exchange) { desk, caller in
        try desk.listAlerts(request, caller)
      }
    case (.report, .get):
      try inBackground(.readAudit, at: .everything, in: service.reportRoom, request, exchange) {
        desk, _ in try desk.report(ids[0], request)
      }
    case (_, .get): exchange.respond(try read(route, ids, request))
    default: throw Problem.methodNotAllowed(route.allowed)
    }
  }

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
    case .scopes: try listScopes(ofProject: ids[0], request)
    case .scope: try showScope(ids[1], ofProject: ids[0], request)
    case .domains: try listDomains(ofProject: ids[0], request)
    case .domain: try showDomain(ids[1], ofProject: ids[0], request)
    case .role: try showRole(ids[0], request)
    case .charge: try showCharge(ids[0], request)
    case .events: try listEvents(request)
    case .event: try showEvent(ids[0], request)
    case .reports: try listReports(request)
    case .policy: try showPolicy(request)
    default:
      throw Problem.methodNotAllowed(route.allowed)
    }
  }
}
