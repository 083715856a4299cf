package import CanonicalJSON

/// Ends the suspension of an account. Tokens that it made void stay void.
package struct ResumeAccount: Sendable {
  let account: Identifier
  package let reason: String?

  /// Reads `{"reason"}`.
  ///
  /// - Throws: `Rejection.invalidFields` with every field that is wrong.
  package init(_ account: Identifier, fields: JSON) throws(Rejection) {
    var reader = try FieldReader(fields)
    self.account = account
    reason = reader.reason()
    try reader.finish()
  }

  /// No event when the account is not suspended.
  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    let account = try command.account(account, in: view)
    guard !account.isActive else { return [] }
    return [NewEvent(account.id, .accountResumed(AccountResumed()))]
  }
}
