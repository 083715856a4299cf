import LMDB

/// The tables of the state, in the order of their names: the order of the digest.
///
/// Versioned tables keep every version of a record under `identifier ‖ position`, both in bytes
/// that sort like their values; the current version is the last one.
struct Tables: Sendable {
  let accounts: Table
  /// Position → nothing.
  let charges: Table
  /// Account ‖ period ‖ position → nothing.
  let chargesByAccount: Table
  /// Name → client.
  let clientNames: Table
  let clients: Table
  /// Project ‖ client → nothing.
  let clientsByProject: Table
  /// Subject ‖ position → nothing, for every event but `token.issued`.
  let history: Table
  let keys: Table
  let ledger: Table
  /// The one table that is not part of the digest.
  let marker: Table
  /// Thing → position.
  let notValidBefore: Table
  /// Name → plan.
  let planNames: Table
  let plans: Table
  let projects: Table
  /// Request key → position ‖ body digest.
  let requests: Table
  /// Expiry ‖ position of the token → nothing.
  let revokedTokens: Table
  /// Secret → count ‖ time of the last use.
  let secretUses: Table
  let secrets: Table
  /// Client ‖ secret → nothing.
  let secretsByClient: Table
  /// A role that one thing has at a time → its identifier: `signing_key`, `ledger`.
  let singletons: Table
  /// Client ‖ position → nothing.
  let tokensByClient: Table
  /// Id on the wire → client.
  let wireIDs: Table

  static let names = [
    "accounts", "charges", "charges_by_account", "client_names", "clients", "clients_by_project",
    "history", "keys", "ledger", "marker", "not_valid_before", "plan_names", "plans", "projects",
    "requests", "revoked_tokens", "secret_uses", "secrets", "secrets_by_client", "singletons",
    "tokens_by_client", "wire_ids",
  ]

  /// Every table, in the order of `names`.
  let all: [Table]

  /// - Parameter all: the tables of `names`, in their order.
  init(_ all: [Table]) {
    self.all = all
    accounts = all[0]
    charges = all[1]
    chargesByAccount = all[2]
    clientNames = all[3]
    clients = all[4]
    clientsByProject = all[5]
    history = all[6]
    keys = all[7]
    ledger = all[8]
    marker = all[9]
    notValidBefore = all[10]
    planNames = all[11]
    plans = all[12]
    projects = all[13]
    requests = all[14]
    revokedTokens = all[15]
    secretUses = all[16]
    secrets = all[17]
    secretsByClient = all[18]
    singletons = all[19]
    tokensByClient = all[20]
    wireIDs = all[21]
  }
}
