import Sequencer
import Synchronization

/// Whether the server can do its work, and why not. Any thread.
final class Readiness: Sendable {
  private let sequencer: Sequencer
  private let isDraining = Atomic(false)

  init(_ sequencer: Sequencer) { self.sequencer = sequencer }

  func beginDraining() { isDraining.store(true, ordering: .relaxed) }

  /// What stands in the way, in a word and in a sentence; nil when events can be written.
  var obstacle: (status: String, reason: String)? {
    if sequencer.hasFailed {
      return ("failed", "the log could not be written; the server is ending")
    }
    if isDraining.load(ordering: .relaxed) { return ("draining", "the server is stopping") }
    return sequencer.unavailability.map { ("not ready", $0.text) }
  }
}
