import Ledger
import MerkleLog

/// What several commands are told by a flag, and the sentence for what cannot be that.
extension Options {
  func time(_ name: String) throws(Failure) -> Timestamp? {
    guard let text = self[name] else { return nil }
    guard let time = Timestamp(internet: text) else {
      throw Failure(.usage, "--\(name) must be a time such as 2026-11-21T05:16:00Z, not \(text)")
    }
    return time
  }

  func identifier(_ name: String) throws(Failure) -> Identifier? {
    guard let text = self[name] else { return nil }
    return try ReplayCommand.identifier(text, "--\(name)")
  }

  /// The verifier key of a log (C2SP signed-note).
  func noteVerifier(_ name: String) throws(Failure) -> NoteVerifier? {
    guard let text = self[name] else { return nil }
    do {
      return try NoteVerifier(text)
    } catch {
      throw Failure(.usage, "--\(name): \(error.description)")
    }
  }
}
