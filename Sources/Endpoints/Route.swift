/// What a request is for: one for each path, whatever the identifiers in it.
enum Route: Int, CaseIterable {
  /// Nothing stands at the path. Zero, so that a request without a route is one of these.
  case other
  case token, introspection, revocation
  case metadata, keys, openAPI
  case health, readiness, metrics
  case acknowledgements
  case plans, plan
  case accounts, account, suspendAccount, resumeAccount, accountHistory
  case projects, project, scopes, scope, domains, domain, domainCheck, projectHistory
  case clientsOfProject, clients, client, disabling, enabling, revocations, clientHistory
  case secrets, secret, allSecrets
  case roles, role, grants, grant
  case charges, charge
  case tokens, listedToken
  case events, event
  case reports, report
  case alerts, policy
  case checkpoint, checkpointKey, tile, entries, proof, consistency
  case revocationList

  /// The path with `{id}` for each identifier.
  var template: String {
    switch self {
    case .other: "other"
    case .token: "/connect/token"
    case .introspection: "/connect/introspect"
    case .revocation: "/connect/revoke"
    case .metadata: "/.well-known/oauth-authorization-server"
    case .keys: "/.well-known/jwks.json"
    case .openAPI: "/openapi.json"
    case .health: "/healthz"
    case .readiness: "/readyz"
    case .metrics: "/metrics"
    case .acknowledgements: "/admin/acknowledgements"
    case .plans: "/admin/plans"
    case .plan: "/admin/plans/{id}"
    case .accounts: "/admin/accounts"
    case .account: "/admin/accounts/{id}"
    case .suspendAccount: "/admin/accounts/{id}/suspend"
    case .resumeAccount: "/admin/accounts/{id}/resume"
    case .projects: "/admin/projects"
    case .project: "/admin/projects/{id}"
    case .scopes: "/admin/projects/{id}/scopes"
    case .scope: "/admin/projects/{id}/scopes/{id}"
    case .clientsOfProject: "/admin/projects/{id}/clients"
    case .domains: "/admin/projects/{id}/domains"
    case .domain: "/admin/projects/{id}/domains/{id}"
    case .domainCheck: "/admin/projects/{id}/domains/{id}/check"
    case .clients: "/admin/clients"
    case .client: "/admin/clients/{id}"
    case .disabling: "/admin/clients/{id}/disable"
    case .enabling: "/admin/clients/{id}/enable"
    case .revocations: "/admin/clients/{id}/revocations"
    case .secrets: "/admin/clients/{id}/secrets"
    case .secret: "/admin/clients/{id}/secrets/{id}"
    case .allSecrets: "/admin/secrets"
    case .roles: "/admin/roles"
    case .role: "/admin/roles/{id}"
    case .grants: "/admin/clients/{id}/roles"
    case .grant: "/admin/clients/{id}/roles/{id}"
    case .charges: "/admin/charges"
    case .charge: "/admin/charges/{id}"
    case .tokens: "/admin/tokens"
    case .listedToken: "/admin/tokens/{id}"
    case .events: "/admin/events"
    case .event: "/admin/events/{id}"
    case .accountHistory: "/admin/accounts/{id}/history"
    case .projectHistory: "/admin/projects/{id}/history"
    case .clientHistory: "/admin/clients/{id}/history"
    case .reports: "/admin/reports"
    case .report: "/admin/reports/{id}"
    case .alerts: "/admin/alerts"
    case .policy: "/admin/policy"
    case .checkpoint: "/log/checkpoint"
    case .checkpointKey: "/log/key"
    case .tile: "/log/tile/{id}/{id}"
    case .entries: "/log/tile/entries/{id}"
    case .proof: "/log/proof/{id}"
    case .consistency: "/log/consistency"
    case .revocationList: "/admin/revocations"
    }
  }

  /// The methods that the path takes.
  var methods: [Method] {
    switch self {
    case .other: []
    case .token, .introspection, .revocation, .suspendAccount, .resumeAccount, .domainCheck,
      .disabling, .enabling, .revocations, .revocationList:
      [.post]
    case .plans, .accounts, .projects, .scopes, .domains, .clientsOfProject, .secrets, .roles,
      .grants:
      [.get, .post]
    case .plan, .policy: [.get, .patch]
    case .account, .project, .scope, .domain, .client, .role: [.get, .patch, .delete]
    case .secret, .grant: [.delete]
    case .metadata, .keys, .openAPI, .health, .readiness, .metrics, .acknowledgements,
      .accountHistory, .projectHistory, .clients, .clientHistory, .allSecrets, .charges, .charge,
      .tokens, .listedToken, .events, .event, .reports, .report, .alerts,
      .checkpoint, .checkpointKey, .tile, .entries, .proof, .consistency:
      [.get]
    }
  }

  /// Whether what is read there is the books themselves, so that who reads it is recorded.
  var isAudit: Bool {
    self == .entries || template.hasSuffix("/history")
      || ["/admin/events", "/admin/reports", "/admin/alerts"].contains { template.hasPrefix($0) }
  }

  /// The value of `Allow` (RFC 9110 §10.2.1).
  var allowed: String {
    methods.flatMap { $0 == .get ? ["GET", "HEAD"] : [$0.rawValue] }.joined(separator: ", ")
  }

  private static let byTemplate = Dictionary(
    uniqueKeysWithValues: allCases.map { ($0.template, $0) })

  /// The route of a path, and the identifiers in it: as many as its template has.
  static func find(_ path: String) -> (route: Route, ids: [String]) {
    if path.hasPrefix("/log/") { return findInLog(path) }
    guard path.hasPrefix("/admin/") else { return (byTemplate[path] ?? .other, []) }
    // No template has more than seven segments, the empty one before the first slash included.
    var segments = path.split(separator: "/", maxSplits: 7, omittingEmptySubsequences: false)
      .map(String.init)
    var ids: [String] = []
    for index in stride(from: 3, to: segments.count, by: 2) {
      ids.append(segments[index])
      segments[index] = "{id}"
    }
    return (byTemplate[segments.joined(separator: "/")] ?? .other, ids)
  }

  /// The indexes of tiles may have slashes in them.
  private static func findInLog(_ path: String) -> (route: Route, ids: [String]) {
    let parts = path.split(separator: "/", maxSplits: 4, omittingEmptySubsequences: false)
      .dropFirst(2).map(String.init)
    switch (parts[0], parts.count) {
    case ("tile", 3) where parts[1] == "entries": return (.entries, [parts[2]])
    case ("tile", 3): return (.tile, [parts[1], parts[2]])
    case ("proof", 2): return (.proof, [parts[1]])
    default: return (byTemplate[path] ?? .other, [])
    }
  }
}
