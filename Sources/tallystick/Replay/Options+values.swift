import Ledger
import MerkleLog
import Replay

/// What several commands are told by a flag, and the sentence for what cannot be that.
extension Options {
  func time(_ name: String) throws(Failure) -> Timestamp? {
    guard let text = self[name] else { return nil }
    guard let time = Timestamp(internet: text) else {
      throw Failure(.usage, "--\(name) must be a time such as 2026-11-21T05:16:00Z, not \(text)")
    }
    return time
  }

  /// The moment that `--position` or `--time` names; nil with neither.
  func moment() throws(Failure) -> PastMoment.Name? {
    guard let text = self["position"] else { return try time("time").map { .time($0) } }
    guard self["time"] == nil else {
      throw Failure(.usage, "a moment is either --position or --time, not both")
    }
    guard case .position(let position)? = PastMoment.Name(text) else {
      throw Failure(.usage, "--position must be a whole number from 0, not \(text)")
    }
    return .position(position)
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
