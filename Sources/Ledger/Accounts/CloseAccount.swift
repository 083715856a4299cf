/// Ends an account that has no projects any more.
package struct CloseAccount: Sendable {
  let account: Identifier

  package init(_ account: Identifier) { self.account = account }

  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    let account = try command.account(account, in: view)
    var projects = Obstacles()
    try view.forEachProject(of: account.id) { projects.add($0) }
    try projects.check("the account has projects that are not deleted")
    return [NewEvent(account.id, .accountClosed(AccountClosed()))]
  }
}
