/// Records what the actor read of the audit data, summed.
package struct RecordReads: Sendable {
  let reads: [AuditRead]

  package init(_ reads: [AuditRead]) { self.reads = reads }

  func decide(in view: some LedgerView) throws -> [NewEvent] {
    guard let ledger = try view.ledger() else { throw Rejection.notFound("ledger") }
    return reads.map { NewEvent(ledger.id, .auditRead($0)) }
  }
}
