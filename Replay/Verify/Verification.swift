import Cryptography
package import Ledger
package import MerkleLog

/// What a verification found.
package struct Verification: Sendable {
  /// The first thing that is wrong.
  package struct Fault: Error, Sendable, Hashable {
    /// The first event that it touches; nil where it touches no single one.
    package let position: Position?
    /// A sentence.
    package let description: String

    init(_ position: Position?, _ description: String) {
      self.position = position
      self.description = description
    }

    /// - Parameter what: goes on after "the event at position N".
    init(event position: Position, _ what: String) {
      self.init(position, "the event at position \(position) \(what)")
    }
  }

  /// Events that were read and found right.
  package let events: UInt64
  /// The tree over them.
  package let head: TreeHead
  package let fault: Fault?
}

/// A tree head that somebody vouches for: a checkpoint.
package struct ExpectedHead: Sendable {
  /// What it is called in a fault, as a sentence begins: `the checkpoint`.
  package let name: String
  package let head: TreeHead

  package init(_ name: String, _ head: TreeHead) {
    self.name = name
    self.head = head
  }
}
