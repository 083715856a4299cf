/// The roles that every ledger has. Nobody edits them.
package enum BuiltInRole: String, Sendable, CaseIterable {
  case viewer
  case auditor
  case billing
  case manager
  case owner

  package var permissions: Set<Permission> {
    switch self {
    case .viewer: [.readAccounts, .readProjects, .readClients]
    case .auditor:
      [.readAccounts, .readProjects, .readClients, .readTokens, .readBilling, .readAudit]
    case .billing: [.readAccounts, .writeAccounts, .readBilling, .writeBilling]
    case .manager:
      [
        .readAccounts, .readProjects, .writeProjects, .readClients, .writeClients, .writeSecrets,
        .readTokens, .revokeTokens,
      ]
    case .owner: Set(Permission.allCases)
    }
  }

  package var description: String {
    switch self {
    case .viewer: "Sees accounts, projects and clients"
    case .auditor: "Sees everything, the log included"
    case .billing: "Manages accounts, plans and charges"
    case .manager: "Manages projects, clients, their secrets and tokens"
    case .owner: "May do everything"
    }
  }
}
