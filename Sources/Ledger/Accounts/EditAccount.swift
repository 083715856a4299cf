package import CanonicalJSON

/// Gives an account another name, another plan, or both.
package struct EditAccount: Sendable {
  let account: Identifier
  let name: String?
  let plan: PlanChoice?
  package let reason: String?

  /// Reads the merge patch (RFC 7396) `{"name","plan","reason"}`; the plan by name or identifier.
  ///
  /// - Throws: `Rejection.invalidFields` with every field that is wrong.
  package init(_ account: Identifier, fields: JSON) throws(Rejection) {
    var reader = try FieldReader(fields)
    self.account = account
    name = reader.ifPresent("name") { $0.name("name", scalars: 1...100) }
    plan = reader.ifPresent("plan") { PlanChoice($0.name("plan", scalars: 1...50)) }
    reason = reader.reason()
    try reader.finish()
  }

  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    let account = try command.account(account, in: view)
    return try [renaming(account), activation(for: account, in: view)].compactMap(\.self)
  }

  private func renaming(_ account: Account) -> NewEvent? {
    guard let name, !name.isSame(as: account.name) else { return nil }
    return NewEvent(
      account.id, .accountRenamed(AccountRenamed(before: account.name, after: name)))
  }

  private func activation(for account: Account, in view: some LedgerView) throws -> NewEvent? {
    guard let chosen = try plan?.find(in: view), chosen.id != account.plan else { return nil }
    guard chosen.hasRate(in: account.currency) else {
      throw Rejection.invalidFields([
        FieldProblem("plan", "the plan \(chosen.name) has no rate in \(account.currency.code)")
      ])
    }
    return NewEvent(
      account.id, .planActivated(PlanActivated(before: account.plan, plan: chosen.id)))
  }
}
