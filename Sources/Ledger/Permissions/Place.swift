/// Where a thing stands, and so whose it is to see and to change.
package enum Place: Sendable, Hashable {
  /// The ledger as a whole: plans, roles, the policy.
  case everything
  case account(Identifier)
  case project(Identifier, account: Identifier)
}

extension Account {
  package var place: Place { .account(id) }
}

extension Project {
  package var place: Place { .project(id, account: account) }
}

extension Client {
  package var place: Place { .project(project, account: account) }
}
