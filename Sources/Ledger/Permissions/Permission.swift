/// What a caller of the administration endpoints may do. It comes from the roles of a client and is
/// carried in the scope of its tokens.
package enum Permission: String, Sendable, CaseIterable {
  case readAccounts = "accounts:read"
  case writeAccounts = "accounts:write"
  case readProjects = "projects:read"
  case writeProjects = "projects:write"
  case readClients = "clients:read"
  case writeClients = "clients:write"
  case writeSecrets = "secrets:write"
  case readTokens = "tokens:read"
  case revokeTokens = "tokens:revoke"
  case introspectTokens = "tokens:introspect"
  case readBilling = "billing:read"
  case writeBilling = "billing:write"
  case readAudit = "audit:read"
  case writeRoles = "roles:write"
  case writeSystem = "system:write"
}

extension Set<Permission> {
  /// In the order in which the permissions are declared.
  package var ordered: [Permission] { Permission.allCases.filter(contains) }
}
