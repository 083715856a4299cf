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
  package func tiles(_ reader: any JournalReader) -> KnownTiles {
    KnownTiles(edge, reader)
  }
}
