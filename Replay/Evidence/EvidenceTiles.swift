import Cryptography
import MerkleLog

/// Tiles of a tree of a size, with the right edge at hand; keeps some that it has read. For one
/// thread.
final class EvidenceTiles: TileReader {
  /// 16 MiB.
  private static let capacity = 2_048

  private let edge: TreeEdge
  private let tiles: any TileReader
  private var known: [Tile: [SHA256Digest]] = [:]

  init(_ edge: TreeEdge, _ tiles: any TileReader) {
    self.edge = edge
    self.tiles = tiles
  }

  func hashes(of tile: Tile) throws -> [SHA256Digest] {
    if let hashes = edge.hashes(of: tile) { return hashes }
    return Array(try whole(tile.whole).prefix(tile.width))
  }

  private func whole(_ tile: Tile) throws -> [SHA256Digest] {
    if let hashes = known[tile] { return hashes }
    if known.count >= Self.capacity { known.removeAll(keepingCapacity: true) }
    let hashes = try tiles.hashes(of: tile)
    known[tile] = hashes
    return hashes
  }
}
