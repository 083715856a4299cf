package import CanonicalJSON

/// Suspends an account: nothing new is made under it, its clients cannot authenticate, and the
/// tokens that they have are void for good.
package struct SuspendAccount: Sendable {
  let account: Identifier
  package let reason: String?

  /// Reads `{"reason"}`.
  ///
  /// - Throws: `Rejection.invalidFields` with every field that is wrong.
  package init(_ account: Identifier, fields: JSON) throws(Rejection) {
    var reader = try FieldReader(fields)
    self.account = account
    reason = reader.reason(isRequired: true)
    try reader.finish()
  }

  /// No event when the account is suspended already.
  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    let account = try command.account(account, in: view)
    guard account.isActive else { return [] }
    try command.requireAuthority(overAllAt: account.place, in: view)
    try view.requireAnOwner { $0.account == account.id }
    return [NewEvent(account.id, .accountSuspended(AccountSuspended()))]
  }
}
