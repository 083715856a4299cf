import Journal
package import Ledger
import Narrative
import Projections

/// Why a token was issued, and whether it would be accepted at a time.
package struct TokenExplanation {
  let found: FoundToken
  /// Right behind the event that issued it: the rules that were in force.
  let then: PastState
  /// The last event that counts at the time asked for; nil before the first one.
  let position: Position?
  let time: Timestamp
  /// Nil when it would be accepted; of several reasons that it expired, or else the first there was.
  let refusal: Refusal?
  /// What ended it before its time, by then.
  let ending: HistoryItem?

  enum Refusal: Hashable {
    case notYetIssued
    case obstacle(IssuedToken.Obstacle)

    var word: String {
      switch self {
      case .notYetIssued: "not_yet_issued"
      case .obstacle(let obstacle): obstacle.rawValue
      }
    }
  }

  package var isAccepted: Bool { refusal == nil }

  /// Why there is nothing to explain.
  package enum Failure: Error, CustomStringConvertible {
    case noSuchToken
    case notSigned

    package var description: String {
      switch self {
      case .noSuchToken: "this log issued no such token"
      case .notSigned: "no key of this ledger signed what was shown"
      }
    }
  }

  /// - Parameters:
  ///   - walk: at the beginning of a log, of whose events `head` count.
  ///   - time: may be one to come: then nothing else is taken to happen before it.
  /// - Throws: `Failure`, and what reading the log throws.
  @available(*, noasync)
  package init(
    _ name: TokenName, at time: Timestamp, in walk: consuming LogWalk, head: Position,
    progress: (UInt64) -> Void
  ) throws {
    guard let found = try name.found(by: walk.reader, head: head) else {
      throw Failure.noSuchToken
    }
    let token = found.token
    try walk.advance(through: token.position, progress: progress)
    guard try name.isSigned(walk.state) else { throw Failure.notSigned }
    self.found = found
    self.time = time
    then = walk.state
    position = try walk.reader.lastPosition(at: time, below: head)
    guard let position, position >= token.position else {
      (refusal, ending) = (.notYetIssued, nil)
      return
    }
    var watch = TokenWatch(token)
    var item: HistoryItem?
    try walk.advance(
      through: position, progress: progress,
      visit: { event, state in
        if try watch.sees(state) { item = try HistoryItem(event, Names(state: state)) }
        return true
      })
    let obstacle = try token.obstacle(in: walk.state, at: time)
    refusal = obstacle.map { .obstacle($0 == .expired ? $0 : watch.obstacle ?? $0) }
    ending = item
  }
}
