/// What a caller of the administration endpoints may do; held as a scope of its access token.
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
  case writeSystem = "system:write"
}
