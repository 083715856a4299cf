import Sequencer
import Synchronization

/// Holds up who guesses at secrets: one for all loops. While nobody fails it costs one atomic load.
final class Gatekeeper: Sendable {
  /// Attempts that were refused unchecked.
  struct Refusals: Sendable {
    var slowed: UInt64 = 0
    var locked: UInt64 = 0
  }

  private struct Books {
    var attempts = Attempts()
    var refusals = Refusals()
  }

  private let clock: any TimeSource
  private let books = Mutex(Books())
  /// How many keys the books have.
  private let count = Atomic(0)

  init(_ clock: any TimeSource = SystemTime()) { self.clock = clock }

  /// Since the start.
  var refusals: Refusals { books.withLock { $0.refusals } }

  /// Before a secret is checked.
  ///
  /// - Returns: whether failures are counted, so that a success has to be noted.
  /// - Throws: 429 when the attempt comes too early.
  func admit(_ clientID: String, from peer: String) throws(OAuthError) -> Bool {
    guard count.load(ordering: .relaxed) > 0 else { return false }
    let key = AttemptKey(clientID, from: Source(peer: peer))
    let verdict = change { books, now in
      let verdict = books.attempts.verdict(key, at: now)
      if case .slowed = verdict { books.refusals.slowed += 1 }
      if case .locked = verdict { books.refusals.locked += 1 }
      return verdict
    }
    switch verdict {
    case .uncounted: return false
    case .counted: return true
    case .slowed(let seconds), .locked(let seconds): throw .tooManyAttempts(retryAfter: seconds)
    }
  }

  func noteFailure(_ clientID: String, from peer: String) {
    let key = AttemptKey(clientID, from: Source(peer: peer))
    change { books, now in books.attempts.addFailure(key, at: now) }
  }

  func noteSuccess(_ clientID: String, from peer: String) {
    let key = AttemptKey(clientID, from: Source(peer: peer))
    change { books, _ in books.attempts.clear(key) }
  }

  private func change<Result: Sendable>(
    _ body: (inout sending Books, _ now: Int64) -> sending Result
  ) -> Result {
    let now = clock.monotonic()
    return books.withLock { books in
      books.attempts.sweep(at: now)
      defer { count.store(books.attempts.count, ordering: .relaxed) }
      return body(&books, now)
    }
  }
}
