import Cryptography
import MerkleLog

/// A log cannot be signed for.
package struct NotaryError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Code: Sendable, Hashable {
    /// The key that signs checkpoints is not there.
    case keyMissing
    /// The last checkpoint is not there.
    case checkpointMissing
    /// The key or the checkpoint is of another log, or damaged.
    case foreign
    /// The log does not extend the last checkpoint.
    case contradicted
    /// The journal's events are not those that its tree was made of.
    case damaged
    /// A file cannot be read or written.
    case file
  }

  package let code: Code
  /// What was found and what to do about it.
  package let description: String

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}

extension NotaryError {
  /// Whether something that is needed cannot be read, rather than read and found wrong.
  package var isOfReading: Bool { code == .file || code == .keyMissing }

  static func noKey(_ path: String) -> NotaryError {
    NotaryError(
      .keyMissing,
      """
      \(path), the key that signs checkpoints, is missing. Put it back from a backup. If it is lost, \
      --confirm-checkpoint makes another; give its verifier key to all who check this log
      """)
  }

  static func noCheckpoint(_ path: String) -> NotaryError {
    NotaryError(
      .checkpointMissing,
      """
      \(path), the last signed checkpoint, is missing: without it a log that was cut or rewritten \
      looks like a whole one. Put it back. If it is lost, compare the log with a checkpoint that was \
      kept elsewhere, and then start with --confirm-checkpoint, which signs for what is there
      """)
  }

  static func contradiction(
    of checkpoint: Checkpoint, _ log: TreeHead, _ root: SHA256Digest?
  ) -> NotaryError {
    let prefix = root.map {
      "\n  root of the log's first \(checkpoint.size) events: \(Base64.encode($0.bytes))"
    }
    return NotaryError(
      .contradicted,
      """
      the log contradicts the last checkpoint that was signed of it: it was rolled back, rewritten or \
      put in the place of another
        checkpoint: size \(checkpoint.size), root \(Base64.encode(checkpoint.root.bytes)), origin \
      \(checkpoint.origin)
        log: size \(log.size), root \(Base64.encode(log.root.bytes))\(prefix ?? "")
      Put the log back that the checkpoint was signed for. If it is lost, restore what there is under \
      another origin: tallystick replay restore --help
      """)
  }

  static func otherTile(_ path: String) -> NotaryError {
    NotaryError(
      .damaged,
      "\(path) of the journal is not made of its events; tallystick replay verify says more")
  }

  static func shortened(at position: UInt64, head: UInt64) -> NotaryError {
    NotaryError(.damaged, "the journal had \(head) events and now ends at position \(position)")
  }
}
