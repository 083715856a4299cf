import CanonicalJSON
import Journal
package import Ledger
import Narrative

/// What happened to a thing, in the order of the log and in the words of the server's histories.
///
/// To an account, a project or a client: what the server's history of it tells. To a token: that it was
/// issued, what came of that, and what ended it. To anything else: every event that changed it or names
/// it in its data, but tokens that were issued.
package struct ThingHistory {
  private var walk: LogWalk
  private let thing: Identifier
  private let head: Position
  private let mention: Mention

  /// - Parameters:
  ///   - walk: of a log whose first `head` events count, at its beginning.
  package init(of thing: Identifier, in walk: LogWalk, head: Position) {
    self.walk = walk
    self.thing = thing
    self.head = head
    mention = Mention(thing)
  }

  /// Writes one canonical JSON object, `{"id":…,"items":[…]}`, a piece at a time.
  ///
  /// - Returns: whether there was anything to tell.
  @available(*, noasync)
  package mutating func writeJSON(
    _ emit: ([UInt8]) throws -> Void, progress: (UInt64) -> Void
  ) throws -> Bool {
    var start = "{\"id\":\"\(thing.text)\",\"items\":["
    let found = try forEachItem(progress: progress) { item in
      try emit(Array(start.utf8) + item.representation.canonicalBytes())
      start = ","
    }
    if found { try emit(Array("]}".utf8)) }
    return found
  }

  /// Writes a line for every item.
  ///
  /// - Returns: whether there was anything to tell.
  @available(*, noasync)
  package mutating func writeWords(
    _ emit: ([UInt8]) throws -> Void, progress: (UInt64) -> Void
  ) throws -> Bool {
    try forEachItem(progress: progress) { try emit(Array($0.line.utf8)) }
  }

  private mutating func forEachItem(
    progress: (UInt64) -> Void, _ body: (HistoryItem) throws -> Void
  ) throws -> Bool {
    guard head > 0 else { return false }
    if thing.kind == .token { return try forEachItemOfToken(progress: progress, body) }
    var found = false
    try walk.advance(
      through: head - 1, progress: progress,
      visit: { [thing, mention, reader = walk.reader] event, state in
        guard try Self.concerns(thing, event, state, mention, reader) else { return true }
        found = true
        try body(HistoryItem(event, Names(state: state)))
        return true
      })
    return found
  }

  private static func concerns(
    _ thing: Identifier, _ event: Event, _ state: PastState, _ mention: Mention,
    _ reader: any JournalReader
  ) throws -> Bool {
    if state.concerned.contains(thing) { return true }
    if [.account, .project, .client].contains(thing.kind) { return false }
    return try reader.event(at: event.position).map(mention.stands) ?? false
  }

  private mutating func forEachItemOfToken(
    progress: (UInt64) -> Void, _ body: (HistoryItem) throws -> Void
  ) throws -> Bool {
    guard let event = try walk.reader.tokenEvent(thing, head: head), let token = IssuedToken(event)
    else { return false }
    try walk.advance(through: event.position, progress: progress)
    try body(HistoryItem(event, Names(state: walk.state)))
    var watch = TokenWatch(token)
    try walk.advance(
      through: head - 1, progress: progress,
      visit: { event, state in
        let isEnd = try watch.sees(state)
        if isEnd || event.cause == token.position || event.subject == token.id {
          try body(HistoryItem(event, Names(state: state)))
        }
        return true
      })
    return true
  }
}

/// Waits for the event that ends a token before its time. The one function that says whether a token
/// is good decides.
struct TokenWatch {
  private let token: IssuedToken
  /// Why the token is not good since then.
  private(set) var obstacle: IssuedToken.Obstacle?

  init(_ token: IssuedToken) { self.token = token }

  /// - Parameter state: right behind an event.
  /// - Returns: whether the event is the one.
  mutating func sees(_ state: PastState) throws -> Bool {
    guard obstacle == nil else { return false }
    obstacle = try token.obstacle(in: state, at: token.issued)
    return obstacle != nil
  }
}
