package import Cryptography

/// The tiles of a tree, as proofs ask for them again and again: the right edge is at hand, and of the
/// full tiles some that were read are kept. For one thread.
package final class KnownTiles: TileReader {
  /// 16 MiB of hashes.
  private static let capacity = 2_048

  private let edge: TreeEdge
  private let stored: any TileReader
  private var known: [Tile: [SHA256Digest]] = [:]

  /// - Parameter stored: is asked for full tiles alone.
  package init(_ edge: TreeEdge, _ stored: any TileReader) {
    self.edge = edge
    self.stored = stored
  }

  package func hashes(of tile: Tile) throws -> [SHA256Digest] {
    if let hashes = edge.hashes(of: tile) { return hashes }
    return Array(try hashes(ofWhole: tile.whole).prefix(tile.width))
  }

  private func hashes(ofWhole tile: Tile) throws -> [SHA256Digest] {
    if let hashes = known[tile] { return hashes }
    if known.count >= Self.capacity { known.removeAll(keepingCapacity: true) }
    let hashes = try stored.hashes(of: tile)
    known[tile] = hashes
    return hashes
  }
}
