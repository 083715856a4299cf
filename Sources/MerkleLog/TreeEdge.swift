package import Cryptography

/// The right edge of a growing tree: the tiles that are not full yet, which is all that is needed to
/// append records and to know the root. At most 255 hashes for each of eight levels.
package struct TreeEdge: Sendable {
  /// The number of records.
  package private(set) var size: UInt64 = 0
  /// The hashes of each level's partial tile; none where the last tile is full.
  private var levels: [[SHA256Digest]] = []

  /// Of the empty tree.
  package init() {}

  /// Of a tree that is stored.
  package init(size: UInt64, tiles: any TileReader) throws {
    self.size = size
    levels = try Tile.edge(ofTreeOfSize: size).map { try $0.map(tiles.hashes) ?? [] }
  }

  /// Appends a record by its hash.
  ///
  /// - Parameter store: is given each tile that became full, lower levels first. When it throws, the
  ///   edge is of no use any more.
  package mutating func append(
    _ record: SHA256Digest, store: (Tile, [SHA256Digest]) throws -> Void
  ) rethrows {
    size += 1
    var hash = record
    var level = 0
    var complete = size
    while true {
      if level == levels.count { levels.append([]) }
      levels[level].append(hash)
      guard levels[level].count == Tile.fullWidth else { return }
      complete /= 256
      try store(Tile(level: level, index: complete - 1), levels[level])
      hash = subtreeHash(levels[level][...])
      levels[level].removeAll(keepingCapacity: true)
      level += 1
    }
  }

  /// The root hash (RFC 6962 §2.1). Of the empty tree it is SHA-256 of nothing.
  package var root: SHA256Digest {
    var root: SHA256Digest?
    for hashes in levels {
      var rest = hashes[...]
      while !rest.isEmpty {
        let width = 1 << rest.count.trailingZeroBitCount
        let subtree = subtreeHash(rest.suffix(width))
        root = root.map { nodeHash(subtree, $0) } ?? subtree
        rest.removeLast(width)
      }
    }
    return root ?? SHA256.hash([])
  }

  package var head: TreeHead { TreeHead(size: size, root: root) }

  /// The hashes of a tile, or as many of its first ones as it is wide, if the tile is one of the edge.
  package func hashes(of tile: Tile) -> [SHA256Digest]? {
    guard tile.level < levels.count, tile.index == size >> (8 * tile.level) / 256,
      tile.width <= levels[tile.level].count
    else { return nil }
    return Array(levels[tile.level].prefix(tile.width))
  }
}
