package import Cryptography
package import Journal
package import MerkleLog

/// A checkpoint that is durable and may be shown, and the tree that it commits to.
package struct Publication: Sendable {
  package let checkpoint: SignedCheckpoint
  /// When it was made durable, in seconds since 1970.
  package let time: Double
  let edge: TreeEdge

  /// The number of records.
  package var size: UInt64 { edge.size }

  /// The tiles of the tree and of all that it grew from, for one answer.
  package func tiles(_ reader: any JournalReader) -> PublishedTiles {
    PublishedTiles(edge, reader)
  }
}

/// Tiles of a published tree: what the journal stores of the full ones, and the right edge. Keeps
/// what it has read; for one thread.
package final class PublishedTiles: TileReader {
  private let edge: TreeEdge
  private let reader: any JournalReader
  private var known: [Tile: [SHA256Digest]] = [:]

  fileprivate init(_ edge: TreeEdge, _ reader: any JournalReader) {
    self.edge = edge
    self.reader = reader
  }

  package func hashes(of tile: Tile) throws -> [SHA256Digest] {
    if let hashes = edge.hashes(of: tile) { return hashes }
    let whole = try known[tile.whole] ?? stored(tile.whole)
    known[tile.whole] = whole
    return Array(whole.prefix(tile.width))
  }

  private func stored(_ tile: Tile) throws -> [SHA256Digest] {
    guard let bytes = try reader.storedTile(tile), let hashes = Tile.decode(bytes.span),
      hashes.count == Tile.fullWidth
    else { throw JournalError(.damaged, "\(tile.path) is missing or damaged") }
    return hashes
  }
}
