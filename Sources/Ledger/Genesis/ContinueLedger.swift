/// Goes on with a log, under another origin, that does not hold all that was signed for under its
/// own: a copy of an earlier state of it.
package struct ContinueLedger: Sendable {
  private let data: LedgerContinued

  /// - Parameter previous: the last checkpoint that was signed.
  /// - Throws: `Rejection.invalidFields` for an origin that a log cannot have.
  package init(origin: String, previous: SignedSize) throws(Rejection) {
    guard Origin.isValid(origin) else { throw .invalidFields([Origin.problem]) }
    data = LedgerContinued(origin: origin, previous: previous)
  }

  /// Refused when the origin is not a new one.
  func decide(in view: some LedgerView) throws -> [NewEvent] {
    guard let ledger = try view.ledger() else { throw Rejection.notFound("ledger") }
    for origin in [ledger.origin, data.previous.origin] where origin == data.origin {
      throw Rejection.conflict("\(origin) is the origin of the log that this one goes on from")
    }
    return [NewEvent(ledger.id, .ledgerContinued(data))]
  }
}
