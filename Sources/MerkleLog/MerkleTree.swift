package import Cryptography

/// A tree of a size, read from its tiles: roots and proofs (RFC 6962 §2.1).
package struct MerkleTree {
  /// The number of records.
  package let size: UInt64
  private let tiles: any TileReader

  package init(size: UInt64, tiles: any TileReader) {
    self.size = size
    self.tiles = tiles
  }

  package func head() throws -> TreeHead {
    TreeHead(size: size, root: try TreeEdge(size: size, tiles: tiles).root)
  }

  /// The audit path of a record (RFC 6962 §2.1.1), the lowest hash first.
  ///
  /// - Precondition: the position is below the size.
  package func inclusionProof(of position: UInt64) throws -> [SHA256Digest] {
    precondition(position < size)
    return try path(of: position, in: 0..<size)
  }

  /// The proof that this tree extends its own first `old` records (RFC 6962 §2.1.2).
  ///
  /// - Precondition: `old` is not above the size.
  package func consistencyProof(from old: UInt64) throws -> [SHA256Digest] {
    precondition(old <= size)
    guard old > 0, old < size else { return [] }
    return try subproof(old, in: 0..<size, isKnown: true)
  }

  private func path(of position: UInt64, in range: Range<UInt64>) throws -> [SHA256Digest] {
    guard range.count > 1 else { return [] }
    let (left, right) = Self.split(range)
    return position < right.lowerBound
      ? try path(of: position, in: left) + [hash(of: right)]
      : try path(of: position, in: right) + [hash(of: left)]
  }

  /// - Parameter isKnown: whether the range is the whole old tree, whose root the verifier has.
  private func subproof(
    _ old: UInt64, in range: Range<UInt64>, isKnown: Bool
  ) throws -> [SHA256Digest] {
    if old == range.upperBound { return isKnown ? [] : [try hash(of: range)] }
    let (left, right) = Self.split(range)
    return old <= right.lowerBound
      ? try subproof(old, in: left, isKnown: isKnown) + [hash(of: right)]
      : try subproof(old, in: right, isKnown: false) + [hash(of: left)]
  }

  /// The left part is the largest complete subtree that is not all.
  private static func split(_ range: Range<UInt64>) -> (Range<UInt64>, Range<UInt64>) {
    let width = UInt64(1) << (63 - (range.upperBound - range.lowerBound - 1).leadingZeroBitCount)
    let middle = range.lowerBound + width
    return (range.lowerBound..<middle, middle..<range.upperBound)
  }

  private func hash(of range: Range<UInt64>) throws -> SHA256Digest {
    let count = range.upperBound - range.lowerBound
    guard count & (count - 1) == 0 else {
      let (left, right) = Self.split(range)
      return nodeHash(try hash(of: left), try hash(of: right))
    }
    return try subtree(at: range.lowerBound, height: count.trailingZeroBitCount)
  }

  /// The hash of the complete subtree over 2^height records: those of one tile, hashed together.
  private func subtree(at start: UInt64, height: Int) throws -> SHA256Digest {
    let (level, inTile) = height.quotientAndRemainder(dividingBy: 8)
    let first = start >> (8 * level)
    let count = 1 << inTile
    let tile = Tile(level: level, index: first / 256, width: Int(first % 256) + count)
    return subtreeHash(try tiles.hashes(of: tile).suffix(count))
  }
}
