import Journal
package import Ledger
import Networks
import Projections

/// What somebody did, and may still do, who holds what has leaked: found in the log alone. What was
/// made with it, and with that in turn, is followed.
///
/// Takes memory for the rare things of a ledger and some bits for each event; tokens are looked up
/// again when they are shown.
package struct Impact {
  let suspect: Suspect
  /// The events that were looked at.
  let window: Range<Position>
  /// The number of events in the log.
  let head: Position
  /// What expiries are compared with.
  let now: Timestamp
  /// The ledger after the last event.
  let state: PastState
  let findings: Inquiry
  let tokens: SuspectedTokens
  let reader: any JournalReader

  var suspicion: Suspicion { findings.attribution.suspicion }

  /// - Parameters:
  ///   - log: from its first event on.
  ///   - head: the number of events that count.
  ///   - window: positions below it. What was made before is not followed.
  ///   - now: the wall clock; a time before the last event counts as that of the last event.
  ///   - progress: called now and then with the number of events gone through.
  /// - Returns: nil when no secret or client of the log is the suspect.
  @available(*, noasync)
  package init?(
    of suspect: Suspect, _ log: LogWalk, head: Position, window: Range<Position>, now: Timestamp,
    progress: (UInt64) -> Void = { _ in }
  ) throws {
    var (walk, findings) = (log, Inquiry(suspect, log.reader, window: window, below: head))
    if head > 0 {
      try walk.advance(through: head - 1, progress: progress) { event, _ in
        try findings.look(at: event)
        return true
      }
    }
    guard walk.state.knows(suspect) else { return nil }
    let now = max(now, try walk.reader.lastRecorded(below: head))
    var tokens = SuspectedTokens(
      findings.attribution.suspicion, walk.state, at: now, below: head)
    try tokens.search(window, walk.reader, progress: progress)
    try tokens.add(findings.shownTokens, walk.reader)
    (self.suspect, self.window, self.head, self.now) = (suspect, window, head, now)
    (state, self.findings, self.tokens, reader) = (walk.state, findings, tokens, walk.reader)
  }

  /// Lends the events at some positions.
  func events(at positions: PositionSet, _ body: (Event) throws -> Void) throws {
    try positions.lend { position in
      guard let bytes = try reader.event(at: position) else {
        throw JournalError(.damaged, "the event at position \(position) is missing")
      }
      try body(try Event(canonicalBytes: bytes))
    }
  }
}

extension JournalReader {
  fileprivate func lastRecorded(below head: Position) throws -> Timestamp {
    guard head > 0, let bytes = try event(at: head - 1) else { return Timestamp(microseconds: 0) }
    return try Event(canonicalBytes: bytes).recorded
  }
}

extension PastState {
  fileprivate func knows(_ suspect: Suspect) -> Bool {
    switch suspect {
    case .secret(let id): secret(id) != nil
    case .client(let id): client(id) != nil
    case .network: true
    }
  }
}

extension Suspect: CustomStringConvertible {
  package var description: String {
    switch self {
    case .secret(let id), .client(let id): id.text
    case .network(let network): network.description
    }
  }
}
