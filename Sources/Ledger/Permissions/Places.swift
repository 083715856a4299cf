/// Where a caller holds a permission.
package enum Places: Sendable, Hashable {
  case everywhere
  /// There, and nowhere else: an account stands for its projects too.
  case some(accounts: Set<Identifier>, projects: Set<Identifier>)

  /// Whether what stands in an account, and in one project of it if it is given, lies there.
  package func contains(account: Identifier, project: Identifier? = nil) -> Bool {
    guard case .some(let accounts, let projects) = self else { return true }
    return accounts.contains(account) || project.map(projects.contains) ?? false
  }
}
