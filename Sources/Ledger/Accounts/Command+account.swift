extension Command {
  /// An account that is not closed and that the caller may change.
  ///
  /// - Throws: `Rejection.notFound`, `Rejection.missingPermission`.
  func account(_ id: Identifier, in view: some LedgerView) throws -> Account {
    guard let account = try view.account(id) else { throw Rejection.notFound("account") }
    try require(.writeAccounts, at: account.place, hiding: "account", in: view)
    return account
  }
}
