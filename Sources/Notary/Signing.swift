import Credentials
import Cryptography
import Foundation
package import Journal
package import MerkleLog

/// Signs for a log, one checkpoint after the other, each an extension of the one before: no two of
/// one origin ever contradict each other (C2SP tlog-checkpoint, "Signatures"). For one thread.
package final class Signing {
  package let signer: NoteSigner
  /// Whether key or checkpoint was missing, so that nothing vouches for the first checkpoint.
  package let isBeginning: Bool
  /// The last checkpoint, which is durable.
  package private(set) var publication: Publication
  private let file: CheckpointFile
  private let journal: any Journal
  private let reader: any JournalReader
  /// Of the records that were read, which may be more than were signed for.
  private var edge: TreeEdge

  /// Goes on from the last checkpoint when the log extends it.
  ///
  /// - Parameters:
  ///   - origin: the log's own.
  ///   - mayBegin: makes what is missing of key and checkpoint, and signs for all that the log holds:
  ///     the log is new, or somebody vouches for it.
  ///   - isOlder: the same for a log that is older than checkpoints are. It has neither of the two:
  ///     where one is, the log only looks like an older one.
  /// - Throws: `NotaryError`, `KeyDirectoryError`, `DataDirectoryError`, `JournalError`.
  @available(*, noasync)
  package init(
    _ directory: DataDirectory, _ journal: any Journal, origin: String, mayBegin: Bool = false,
    isOlder: Bool = false
  ) throws {
    let keys = KeyDirectory(directory.keys)
    let key = try CheckpointKey.read(keys, origin: origin)
    let file = CheckpointFile(directory)
    let last = try file.read()
    let reader = try journal.makeReader()
    if let key, let last {
      let checkpoint = try file.verified(last, by: key.verifier)
      let edge = try reader.edge(extending: checkpoint.checkpoint)
      signer = key
      isBeginning = false
      publication = Publication(checkpoint: checkpoint, time: file.time() ?? 0, edge: edge)
    } else {
      guard mayBegin || isOlder && key == nil && last == nil else {
        throw key == nil ? NotaryError.noKey(keys.checkpointFile) : .noCheckpoint(file.path)
      }
      let edge =
        try last.map { try reader.edge(extending: file.parsed($0, origin: origin)) }
        ?? TreeEdge(size: journal.head, tiles: reader)
      signer = try key ?? CheckpointKey.create(keys, origin: origin)
      isBeginning = true
      try directory.synchronize(files: [keys.checkpointFile])
      publication = try edge.publish(signedBy: signer, file)
    }
    self.file = file
    self.journal = journal
    self.reader = reader
    edge = publication.edge
  }

  /// Signs for all that the log holds now.
  ///
  /// - Returns: false when nothing was added since the last checkpoint.
  /// - Throws: `NotaryError`, `JournalError`, `CryptographyError`; may be called again.
  package func sign() throws -> Bool {
    try readOn(to: journal.head)
    guard edge.size > publication.size else { return false }
    publication = try edge.publish(signedBy: signer, file)
    return true
  }

  /// Hashes the records that were added, as they are read back.
  private func readOn(to head: UInt64) throws {
    while edge.size < head {
      let limit = Int(min(head - edge.size, 1_000))
      let records = try reader.events(from: edge.size, limit: limit, maximumBytes: 1 << 20)
      guard !records.isEmpty else { throw NotaryError.shortened(at: edge.size, head: head) }
      var edge = edge
      for record in records { try edge.append(recordHash(record), store: compare) }
      self.edge = edge
    }
  }

  /// Nobody is shown a root that the journal's own tiles do not lead to.
  private func compare(_ tile: Tile, _ hashes: [SHA256Digest]) throws {
    guard try reader.storedTile(tile) == Tile.encode(hashes) else {
      throw NotaryError.otherTile(tile.path)
    }
  }
}

extension TreeEdge {
  fileprivate func publish(
    signedBy signer: NoteSigner, _ file: CheckpointFile
  ) throws -> Publication {
    let checkpoint = try SignedCheckpoint(size: size, root: root, signedBy: signer)
    try file.write(checkpoint)
    return Publication(checkpoint: checkpoint, time: Date().timeIntervalSince1970, edge: self)
  }
}

extension JournalReader {
  /// The tree of as many records as a checkpoint has.
  ///
  /// - Throws: `contradicted` when the log has fewer, or they have another root.
  package func edge(extending checkpoint: Checkpoint) throws -> TreeEdge {
    let head = try head()
    guard checkpoint.size <= head else {
      throw NotaryError.contradiction(
        of: checkpoint, try MerkleTree(size: head, tiles: self).head(), nil)
    }
    let edge = try TreeEdge(size: checkpoint.size, tiles: self)
    guard edge.root == checkpoint.root else {
      throw NotaryError.contradiction(
        of: checkpoint, try MerkleTree(size: head, tiles: self).head(), edge.root)
    }
    return edge
  }
}
