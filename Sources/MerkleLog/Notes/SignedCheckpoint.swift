package import Cryptography

/// A checkpoint and the note that it stands in, with a valid signature of its log.
package struct SignedCheckpoint: Sendable, Hashable {
  package let checkpoint: Checkpoint
  package let note: SignedNote

  /// Signs a checkpoint of the signer's own log.
  ///
  /// - Throws: `NoteError.malformed` for an origin that no key can have, `CryptographyError`.
  package init(
    size: UInt64, root: SHA256Digest, signedBy signer: NoteSigner
  ) throws {
    checkpoint = Checkpoint(origin: signer.name, size: size, root: root)
    note = try SignedNote(text: checkpoint.text, signedBy: signer)
  }

  /// Reads a note and checks that it is a checkpoint of the log that the verifier belongs to,
  /// signed by it.
  ///
  /// - Throws: `malformed`, `invalidSignature`, `unverified`; `unexpected` when the key signed for
  ///   an origin that is not its name.
  package init(_ bytes: [UInt8], verifiedBy verifier: NoteVerifier) throws(NoteError) {
    try self.init(SignedNote(parsing: bytes), verifiedBy: verifier)
  }

  package init(_ note: SignedNote, verifiedBy verifier: NoteVerifier) throws(NoteError) {
    let checkpoint = try Checkpoint(text: note.text)
    try note.verify([verifier])
    guard checkpoint.origin.utf8.elementsEqual(verifier.key.name.utf8) else {
      throw NoteError(
        .unexpected, "the checkpoint is of \(checkpoint.origin), the key of \(verifier.key.name)")
    }
    self.checkpoint = checkpoint
    self.note = note
  }

  /// The note, byte for byte.
  package var bytes: [UInt8] { note.bytes }
}
