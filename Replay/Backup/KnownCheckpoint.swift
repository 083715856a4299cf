package import Journal
package import MerkleLog

/// A checkpoint that a log was signed for, wherever it was kept.
package struct KnownCheckpoint: Sendable {
  package let note: SignedNote
  package let checkpoint: Checkpoint
  /// The file that it is from.
  package let source: String

  /// - Throws: `damaged` when the bytes are no checkpoint. The signature is not looked at.
  package init(_ bytes: [UInt8], source: String) throws(BackupError) {
    do {
      note = try SignedNote(parsing: bytes)
      checkpoint = try Checkpoint(text: note.text)
      self.source = source
    } catch {
      throw BackupError(.damaged, "\(source) holds no checkpoint: \(error)")
    }
  }

  var head: TreeHead { checkpoint.head }

  /// - Throws: `contradiction` unless the log's key signed it.
  package func verify(by verifier: NoteVerifier) throws(BackupError) {
    do {
      _ = try SignedCheckpoint(note, verifiedBy: verifier)
    } catch {
      throw BackupError(.contradiction, "\(source) is no checkpoint of this log: \(error)")
    }
  }

  /// - Throws: `contradiction` when a log has as many events and another root.
  package func refuseOtherPast(_ reader: any JournalReader) throws {
    guard try checkpoint.size <= reader.head() else { return }
    guard try MerkleTree(size: checkpoint.size, tiles: reader).head() == head else {
      throw BackupError(
        .contradiction,
        "the log has other events than those that \(source) was signed for, size \(checkpoint.size)"
      )
    }
  }

  /// - Throws: `contradiction` when a log of so many events lacks some that were signed for: the next
  ///   checkpoint of the same origin would contradict this one.
  package func refuseShorter(_ count: UInt64) throws(BackupError) {
    guard checkpoint.size > count else { return }
    throw BackupError(
      .contradiction,
      """
      the ledger would have \(count) events, and \(source) was signed for \(checkpoint.size): what \
      it signs next would contradict that. --origin NAME continues the log under another name, with a \
      key of its own, and says so in it
      """)
  }
}
