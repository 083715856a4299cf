/// Records the denials of one minute, summed.
package struct RecordDenials: Sendable {
  /// Denials that are alike.
  package struct Sum: Sendable, Hashable {
    let client: Identifier?
    let data: AuthenticationDenied

    package var count: Int64 { data.count }

    /// - Parameter client: the one that was meant; nil where none is known.
    package init(
      _ cause: AuthenticationDenied.Cause, of client: Identifier? = nil, secret: Identifier? = nil,
      from source: String? = nil, count: Int64, minute: Int64
    ) {
      precondition((client != nil) == cause.isOfClient, "the cause says whose denial it is")
      self.client = client
      data = AuthenticationDenied(
        cause: cause, count: count, minute: minute, secret: secret, source: source)
    }
  }

  let sums: [Sum]

  package init(_ sums: [Sum]) { self.sums = sums }

  func decide(in view: some LedgerView) throws -> [NewEvent] {
    guard let ledger = try view.ledger() else { throw Rejection.notFound("ledger") }
    return sums.map { NewEvent($0.client ?? ledger.id, .authenticationDenied($0.data)) }
  }
}
