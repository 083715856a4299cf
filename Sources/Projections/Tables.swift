import LMDB
import Ledger

/// The tables of the state, in the order of their names: the order of the digest.
///
/// Versioned tables keep every version of a record under `identifier ‖ position`, both in bytes
/// that sort like their values; the current version is the last one.
package struct Tables: Sendable {
  let accounts: Table
  /// Plan ‖ account → nothing; for accounts that are not closed.
  let accountsByPlan: Table
  /// Client → its active secrets.
  let activeSecrets: Table
  let charges: Table
  /// Name → client.
  let clientNames: Table
  let clients: Table
  /// Project ‖ client → the client's scope; for clients that are not deleted.
  let clientsByProject: Table
  /// Type ‖ 0 ‖ position → nothing, for every event but `token.issued`.
  let eventsByType: Table
  /// Client → the roles that it holds. Versioned.
  let grants: Table
  /// Subject ‖ position → nothing, for every event but `token.issued`.
  let history: Table
  /// Stored form of a role ‖ 0 ‖ client → nothing, while the client holds the role somewhere.
  let holders: Table
  /// `IndexKey` → position from which on it holds no more, or nothing.
  let indexes: Table
  let keys: Table
  /// Client or secret → when an alert told of it last.
  let lastAlerts: Table
  let ledger: Table
  /// The one table that is not part of the digest.
  let marker: Table
  /// Client ‖ network → position at which it was first seen there.
  let networks: Table
  /// Thing → position.
  let notValidBefore: Table
  /// Name → plan.
  let planNames: Table
  let plans: Table
  let projects: Table
  /// Account ‖ project → nothing; for projects that are not deleted.
  let projectsByAccount: Table
  /// Request key → position ‖ body digest.
  let requests: Table
  /// Expiry ‖ position of the token → nothing.
  let revokedTokens: Table
  /// Name → role.
  let roleNames: Table
  let roles: Table
  /// Kind ‖ thing ‖ position → what `q` searches in it from that position on.
  let searches: Table
  /// Secret → count ‖ time of the last use.
  let secretUses: Table
  let secrets: Table
  /// Client ‖ secret → nothing.
  let secretsByClient: Table
  /// A role that one thing has at a time → its identifier: `signing_key`, `ledger`; `last_voiding`
  /// → the highest position in `notValidBefore`.
  let singletons: Table
  /// Client ‖ position → nothing.
  let tokensByClient: Table
  /// Client ‖ pepper ‖ verifier → secret.
  let verifiers: Table
  /// Id on the wire → client.
  let wireIDs: Table

  package static let names = [
    "accounts", "accounts_by_plan", "active_secrets", "charges", "client_names", "clients",
    "clients_by_project", "events_by_type", "grants", "history", "holders", "indexes", "keys",
    "last_alerts", "ledger", "marker", "networks", "not_valid_before", "plan_names", "plans",
    "projects", "projects_by_account", "requests", "revoked_tokens", "role_names", "roles",
    "searches", "secret_uses", "secrets",
    "secrets_by_client", "singletons", "tokens_by_client", "verifiers", "wire_ids",
  ]

  /// More tables than there are, for the environment's sake.
  package static let maximumCount: UInt32 = 64

  /// Every table, in the order of `names`.
  let all: [Table]

  /// - Parameter all: the tables of `names`.
  init(_ all: [Table]) {
    func table(_ name: String) -> Table { all.first { $0.name == name }! }
    self.all = all
    accounts = table("accounts")
    accountsByPlan = table("accounts_by_plan")
    activeSecrets = table("active_secrets")
    charges = table("charges")
    clientNames = table("client_names")
    clients = table("clients")
    clientsByProject = table("clients_by_project")
    eventsByType = table("events_by_type")
    grants = table("grants")
    history = table("history")
    holders = table("holders")
    indexes = table("indexes")
    keys = table("keys")
    lastAlerts = table("last_alerts")
    ledger = table("ledger")
    marker = table("marker")
    networks = table("networks")
    notValidBefore = table("not_valid_before")
    planNames = table("plan_names")
    plans = table("plans")
    projects = table("projects")
    projectsByAccount = table("projects_by_account")
    requests = table("requests")
    revokedTokens = table("revoked_tokens")
    roleNames = table("role_names")
    roles = table("roles")
    searches = table("searches")
    secretUses = table("secret_uses")
    secrets = table("secrets")
    secretsByClient = table("secrets_by_client")
    singletons = table("singletons")
    tokensByClient = table("tokens_by_client")
    verifiers = table("verifiers")
    wireIDs = table("wire_ids")
  }

  /// Where every version of the records of a kind is kept; nil for tokens, which have none.
  func versions(of kind: Identifier.Kind) -> Table? {
    switch kind {
    case .account: accounts
    case .charge: charges
    case .client: clients
    case .key: keys
    case .ledger: ledger
    case .plan: plans
    case .project: projects
    case .role: roles
    case .secret: secrets
    case .grant, .token: nil
    }
  }
}
