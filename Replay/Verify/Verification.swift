package import Ledger

/// What a verification found.
package struct Verification: Sendable {
  /// The first thing that is wrong.
  package struct Fault: Error, Sendable, Hashable {
    package let position: Position
    /// Goes on a sentence that begins with "the event at position N".
    package let what: String
  }

  /// Events that were read and found right.
  package let events: UInt64
  package let fault: Fault?
}
