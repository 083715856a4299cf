package import Ledger
package import Projections

/// A state that knows of what ended as well: what people are told of the past is found there.
package protocol Memory: LedgerRecords {
  /// An account as it stands or, closed, as it stood at last.
  func recordedAccount(_ id: Identifier) throws -> Account?
  /// A project as it stands or, deleted, as it stood at last.
  func recordedProject(_ id: Identifier) throws -> Project?
  /// A role, be it removed.
  func roleEverDefined(_ id: Identifier) throws -> Role?
}

extension StateSnapshot: Memory {}
