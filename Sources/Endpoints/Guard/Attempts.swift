import Cryptography
import Ledger

/// Who tries to authenticate as whom. A hash, so that whatever was presented takes the same room
/// and is not kept.
struct AttemptKey: Hashable, Sendable {
  private let hash: SHA256Digest

  init(_ clientID: String, from source: Source) {
    let source = Array((source.text + "\u{0}").utf8)
    hash = SHA256.hash(source.span, clientID.utf8.span)
  }
}

/// Authentications that failed, counted for each key until none has failed for a minute.
///
/// After the fifth failure the next attempt must wait a second, and after each further failure
/// twice as long as before; what comes earlier is refused unchecked. The tenth failure refuses
/// everything for fifteen minutes, after which the count begins anew. What is refused is not
/// counted.
struct Attempts {
  /// What becomes of an attempt; the seconds until the next may succeed are whole and at least one.
  enum Verdict: Hashable {
    case uncounted
    /// Admitted, though others failed before it.
    case counted
    case slowed(seconds: Int)
    case locked(seconds: Int)
  }

  private struct Failures {
    var count: Int
    /// Microseconds.
    var last: Int64
    /// The one that was meant; nil while none is known.
    var client: Identifier?
  }

  /// At most so many keys are remembered; full, the older half is forgotten.
  static let capacity = 65_536
  private static let countBeforeWaiting = 5
  private static let countBeforeLock = 10
  private static let second: Int64 = 1_000_000
  private static let memory = 60 * second
  private static let lock = 900 * second

  private var newer: [AttemptKey: Failures] = [:]
  private var older: [AttemptKey: Failures] = [:]
  private var lastSweep: Int64 = 0

  /// How many keys are remembered.
  var count: Int { newer.count + older.count }

  /// - Parameter now: microseconds since some moment; so everywhere here.
  func verdict(_ key: AttemptKey, at now: Int64) -> Verdict {
    guard let failures = failures(key, at: now) else { return .uncounted }
    let wait = failures.last + Self.pause(after: failures.count) - now
    guard wait > 0 else { return .counted }
    let seconds = Int((wait + Self.second - 1) / Self.second)
    return failures.count >= Self.countBeforeLock
      ? .locked(seconds: seconds) : .slowed(seconds: seconds)
  }

  /// The client that the last failure was an attempt to be.
  func client(_ key: AttemptKey) -> Identifier? { (newer[key] ?? older[key])?.client }

  mutating func addFailure(_ key: AttemptKey, of client: Identifier?, at now: Int64) {
    let count = failures(key, at: now)?.count ?? 0
    older[key] = nil
    if newer[key] == nil, newer.count >= Self.capacity / 2 {
      older = newer
      newer = [:]
    }
    newer[key] = Failures(count: count + 1, last: now, client: client)
  }

  /// Takes back a failure that was none.
  mutating func removeFailure(_ key: AttemptKey) {
    newer[key]?.count -= 1
    older[key]?.count -= 1
    if newer[key]?.count == 0 { newer[key] = nil }
    if older[key]?.count == 0 { older[key] = nil }
  }

  /// The attempt succeeded.
  mutating func clear(_ key: AttemptKey) {
    newer[key] = nil
    older[key] = nil
  }

  /// Forgets what is over, once a minute.
  mutating func sweep(at now: Int64) {
    guard now - lastSweep >= Self.memory else { return }
    lastSweep = now
    newer = newer.filter { !Self.isOver($0.value, at: now) }
    older = older.filter { !Self.isOver($0.value, at: now) }
  }

  private func failures(_ key: AttemptKey, at now: Int64) -> Failures? {
    guard let failures = newer[key] ?? older[key], !Self.isOver(failures, at: now) else {
      return nil
    }
    return failures
  }

  private static func isOver(_ failures: Failures, at now: Int64) -> Bool {
    now - failures.last >= max(memory, pause(after: failures.count))
  }

  /// How long an attempt must wait after the last of so many failures.
  private static func pause(after count: Int) -> Int64 {
    if count >= countBeforeLock { return lock }
    return count < countBeforeWaiting ? 0 : second << Int64(count - countBeforeWaiting)
  }
}
