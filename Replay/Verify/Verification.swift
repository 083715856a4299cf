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

  /// The tree over the events that were read and found right.
  package let head: TreeHead
  /// How many of them, from the first on, were hashed and not looked into.
  package let hashedAlone: UInt64
  /// How many a genuine checkpoint covers, one of the key from elsewhere if there is such a key; nil
  /// when there is none.
  package let signed: UInt64?
  /// The name that the log has at its end, as far as it was looked into.
  let origin: String?
  /// Those that the log activates, as far as it was looked into.
  let keys: [LoggedKey]
  package let fault: Fault?

  /// Events that were found right.
  package var events: UInt64 { min(head.size, fault?.position ?? .max) }

  /// Of a journal in which not even the first event can be looked for.
  static func nothing(fault: Fault) -> Verification {
    Verification(
      head: TreeEdge().head, hashedAlone: 0, signed: nil, origin: nil, keys: [], fault: fault)
  }

  /// The same with what was signed, and with a fault if there is none yet.
  func adding(signed: UInt64?, _ fault: Fault?) -> Verification {
    Verification(
      head: head, hashedAlone: hashedAlone, signed: signed, origin: origin, keys: keys,
      fault: self.fault ?? fault)
  }
}

/// A tree head that somebody vouches for.
package struct ExpectedHead: Sendable {
  /// What it is called in a fault, as a sentence begins: `the checkpoint`.
  package let name: String
  package let head: TreeHead

  package init(_ name: String, _ head: TreeHead) {
    self.name = name
    self.head = head
  }
}
