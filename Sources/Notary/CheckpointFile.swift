import Foundation
package import Journal
package import MerkleLog

/// The file of a ledger's last signed checkpoint. It stands outside the journal, so that a journal
/// that was rolled back is noticed.
package struct CheckpointFile: Sendable {
  package let path: String
  private let folder: String

  package init(_ directory: DataDirectory) {
    path = directory.checkpoint
    folder = directory.path
  }

  /// Its bytes; nil when there is no file.
  ///
  /// - Throws: `file`.
  package func read() throws(NotaryError) -> [UInt8]? {
    guard unsafe access(path, F_OK) == 0 || errno != ENOENT else { return nil }
    do {
      return Array(try Data(contentsOf: URL(filePath: path)))
    } catch {
      throw NotaryError(.file, "\(path) cannot be read: \(error.localizedDescription)")
    }
  }

  /// A checkpoint of a log, with a valid signature of the log's key.
  ///
  /// - Throws: `foreign`.
  package func verified(
    _ bytes: [UInt8], by verifier: NoteVerifier
  ) throws(NotaryError) -> SignedCheckpoint {
    do {
      return try SignedCheckpoint(bytes, verifiedBy: verifier)
    } catch {
      throw NotaryError(
        .foreign,
        """
        \(path) holds no checkpoint of \(verifier.key): \(error). Put back the checkpoint and the key \
        of this ledger, which belong together
        """)
    }
  }

  /// A checkpoint of a log whose key is lost: its signature is not checked.
  ///
  /// - Throws: `foreign`.
  func parsed(_ bytes: [UInt8], origin: String) throws(NotaryError) -> Checkpoint {
    guard let note = try? SignedNote(parsing: bytes), let found = try? Checkpoint(text: note.text),
      found.origin.utf8.elementsEqual(origin.utf8)
    else { throw NotaryError(.foreign, "\(path) holds no checkpoint of the log \(origin)") }
    return found
  }

  /// When it was written, in seconds since 1970; nil when there is no file.
  package func time() -> Double? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    return Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9
  }

  /// Replaces it as a whole. When this returns the checkpoint is durable; after a throw the file
  /// holds the one before or this one.
  ///
  /// - Throws: `file`.
  package func write(_ checkpoint: SignedCheckpoint) throws(NotaryError) {
    do {
      try DurableFile.place(checkpoint.bytes, at: path, by: path + ".new")
      try DurableFile.synchronize(folder)
    } catch {
      throw NotaryError(.file, error.description)
    }
  }
}
