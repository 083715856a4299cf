import HTTPServer
import Ledger
import Sequencer
import Synchronization

/// Holds up who guesses at secrets, and lets the watch know of everybody that is denied: one for
/// all loops. While nobody fails it costs one atomic load.
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

  private let observations: Observations
  private let clock: any TimeSource
  private let books = Mutex(Books())
  /// How many keys the books have.
  private let count = Atomic(0)

  init(_ observations: Observations, _ clock: any TimeSource = SystemTime()) {
    self.observations = observations
    self.clock = clock
  }

  /// Since the start.
  var refusals: Refusals { books.withLock { $0.refusals } }

  /// Before a secret is checked.
  ///
  /// - Returns: whether failures are counted, so that a success has to be noted.
  /// - Throws: 429 when the attempt comes too early.
  func admit(_ clientID: String, from peer: String) throws(OAuthError) -> Bool {
    guard count.load(ordering: .relaxed) > 0 else { return false }
    let source = Source(peer: peer)
    let key = AttemptKey(clientID, from: source)
    let (verdict, client) = change { books, now in
      let verdict = books.attempts.verdict(key, at: now)
      books.refusals.count(verdict)
      return (verdict, books.attempts.client(key))
    }
    switch verdict {
    case .uncounted: return false
    case .counted: return true
    case .slowed(let seconds):
      note(.slowed, key, source, client)
      throw .tooManyAttempts(retryAfter: seconds)
    case .locked(let seconds):
      note(.locked, key, source, client)
      throw .tooManyAttempts(retryAfter: seconds)
    }
  }

  /// - Parameters:
  ///   - client: nil when none has the id.
  ///   - codes: of the secret that was presented.
  func noteFailure(
    _ clientID: String, of client: Identifier?, _ codes: [PresentedCode], from peer: String
  ) {
    let source = Source(peer: peer)
    let key = AttemptKey(clientID, from: source)
    change { books, now in books.attempts.addFailure(key, of: client, at: now) }
    note(.failed(codes), key, source, client)
  }

  func noteSuccess(_ clientID: String, from peer: String) {
    let key = AttemptKey(clientID, from: Source(peer: peer))
    change { books, _ in books.attempts.clear(key) }
  }

  /// A client that has authenticated itself is denied a token for its domain's sake: recorded, and
  /// not counted as guessing.
  func noteRefusedDomain(of client: Client, from peer: String) {
    let source = Source(peer: peer)
    note(.domain, AttemptKey(client.clientID, from: source), source, client.id)
  }

  /// A failure turned out to be no guess.
  func takeBack(_ key: AttemptKey) {
    change { books, _ in books.attempts.removeFailure(key) }
  }

  private func note(
    _ what: Denial.What, _ key: AttemptKey, _ source: Source, _ client: Identifier?
  ) {
    observations.add(
      Denial(
        key: key, source: source, client: client, minute: Minute.beginning(clock), what: what))
  }

  private func change<Result: Sendable>(
    _ body: (inout Books, _ now: Int64) -> Result
  ) -> Result {
    let now = clock.monotonic()
    return books.withLock { books in
      books.attempts.sweep(at: now)
      defer { count.store(books.attempts.count, ordering: .relaxed) }
      return body(&books, now)
    }
  }
}

extension Gatekeeper.Refusals {
  fileprivate mutating func count(_ verdict: Attempts.Verdict) {
    switch verdict {
    case .slowed: slowed += 1
    case .locked: locked += 1
    case .uncounted, .counted: break
    }
  }
}
