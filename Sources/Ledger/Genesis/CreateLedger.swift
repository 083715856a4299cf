/// Begins a log. Refused when the log has begun.
package struct CreateLedger: Sendable {
  let id: Identifier
  let data: LedgerCreated

  /// - Throws: `Rejection.invalidFields` for an issuer that is no http or https URL without query
  ///   and fragment (RFC 8414 §2), or an origin with white space or a `+` (C2SP signed-note).
  package init(id: Identifier, issuer: String, origin: String) throws(Rejection) {
    var problems: [FieldProblem] = []
    if !WebAddress.isIssuer(issuer) {
      problems.append(
        FieldProblem("issuer", "must be an http or https URL without path, query and fragment"))
    }
    if !Origin.isValid(origin) { problems.append(Origin.problem) }
    guard problems.isEmpty else { throw .invalidFields(problems) }
    self.id = id
    data = LedgerCreated(origin: origin, issuer: issuer)
  }

  func decide(in view: some LedgerView) throws -> [NewEvent] {
    guard try view.ledger() == nil else { throw Rejection.conflict("the ledger exists already") }
    return [NewEvent(id, .ledgerCreated(data))]
  }
}
