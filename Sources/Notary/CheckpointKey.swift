import Credentials
import Cryptography
import MerkleLog

/// The key that signs the checkpoints of a log: a note key of the log's origin.
enum CheckpointKey {
  /// The key of a ledger; nil when there is none.
  ///
  /// - Throws: `foreign` when it is the key of another origin, or none.
  static func read(_ keys: KeyDirectory, origin: String) throws -> NoteSigner? {
    guard let text = try keys.checkpointKey() else { return nil }
    let signer: NoteSigner
    do {
      signer = try NoteSigner(text)
    } catch {
      throw NotaryError(.foreign, "\(keys.checkpointFile) holds no checkpoint key: \(error)")
    }
    guard signer.name.utf8.elementsEqual(origin.utf8) else {
      throw NotaryError(
        .foreign,
        "\(keys.checkpointFile) holds the key of the log \(signer.name); this log is \(origin)")
    }
    return signer
  }

  /// Makes a key and keeps it, not durably yet.
  static func create(_ keys: KeyDirectory, origin: String) throws -> NoteSigner {
    let signer = try NoteSigner(name: origin, privateKey: .generate())
    try keys.createCheckpointKey(signer.disclose())
    return signer
  }
}
