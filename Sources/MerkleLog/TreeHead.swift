package import Cryptography

/// The size of a tree and its root hash: they stand for every record, its bytes and its place.
package struct TreeHead: Sendable, Hashable {
  /// The number of records.
  package let size: UInt64
  package let root: SHA256Digest

  package init(size: UInt64, root: SHA256Digest) {
    self.size = size
    self.root = root
  }

  /// Whether the proof shows that a record stands at a position of this tree (RFC 9162 §2.1.3.2).
  ///
  /// - Parameter proof: the hashes beside the way from the record to the root, the lowest first.
  package func includes(
    _ record: SHA256Digest, at position: UInt64, proof: [SHA256Digest]
  ) -> Bool {
    guard position < size else { return false }
    var way = Way(position, last: size - 1)
    var hash = record
    for sibling in proof {
      switch way.next() {
      case .left: hash = nodeHash(sibling, hash)
      case .right: hash = nodeHash(hash, sibling)
      case nil: return false
      }
    }
    return way.isAtRoot && hash == root
  }

  /// Whether the proof shows that this tree is an older one with records appended (RFC 9162
  /// §2.1.4.2). Every tree extends the empty one, without a proof.
  package func extends(_ old: TreeHead, proof: [SHA256Digest]) -> Bool {
    guard old.size > 0, old.size < size else {
      return proof.isEmpty && (old == self || old == TreeEdge().head && old.size < size)
    }
    let isSubtree = old.size & (old.size - 1) == 0
    guard let first = isSubtree ? old.root : proof.first else { return false }
    var way = Way(old.size - 1, last: size - 1)
    way.climbWhileRight()
    var (before, after) = (first, first)
    for sibling in proof.dropFirst(isSubtree ? 0 : 1) {
      switch way.next() {
      case .left:
        before = nodeHash(sibling, before)
        after = nodeHash(sibling, after)
      case .right: after = nodeHash(after, sibling)
      case nil: return false
      }
    }
    return way.isAtRoot && before == old.root && after == root
  }
}

/// The way from a record up to the root, in a tree whose last nodes may have no sibling.
private struct Way {
  /// Where the next hash of a proof stands beside the node that was reached.
  enum Side {
    case left, right
  }

  private var node: UInt64
  private var last: UInt64

  init(_ position: UInt64, last: UInt64) {
    node = position
    self.last = last
  }

  var isAtRoot: Bool { last == 0 }

  /// Climbs to the next node that has a sibling and past it; nil at the root.
  mutating func next() -> Side? {
    guard last > 0 else { return nil }
    let isLeft = node & 1 == 0 && node < last
    if !isLeft {
      while node & 1 == 0, node > 0 { climb() }
    }
    climb()
    return isLeft ? .right : .left
  }

  mutating func climbWhileRight() {
    while node & 1 == 1 { climb() }
  }

  private mutating func climb() {
    node >>= 1
    last >>= 1
  }
}
