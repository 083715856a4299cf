import Journal
import Ledger
import Projections

/// Decides and writes one batch after the other; belongs to the sequencer's thread.
final class BatchWriter {
  /// A batch is closed at this many events or bytes.
  static let maximumEvents = 1_024
  private static let maximumBytes = 4 << 20

  private let journal: any Journal
  private let state: StateWriter
  private var clock: ClockGuard

  /// The time of the last batch.
  var lastRecorded: Timestamp { clock.last }

  init(_ journal: any Journal, _ state: StateWriter, _ clock: ClockGuard) {
    self.journal = journal
    self.state = state
    self.clock = clock
  }

  /// Decides entries from the front until the batch is full and makes the result durable; what was
  /// not decided stays in `entries`.
  ///
  /// - Parameter isBusy: whether another batch will follow at once; asked when the events are
  ///   durable.
  /// - Throws: when the journal or the state cannot go on; the outcome of the batch is unknown.
  @available(*, noasync)
  func write(
    _ entries: inout [Sequencer.Entry], isBusy: () -> Bool
  ) throws -> BatchResult {
    guard let now = clock.stamp() else { return refuseAll(&entries, .clock) }
    guard try hasRoom() else { return refuseAll(&entries, .noSpace) }
    if entries.isEmpty { return BatchResult([]) }
    var draft = Draft(try state.beginBatch(), journal.head, now)
    var outcomes: [(Sequencer.Entry, Outcome)] = []
    outcomes.reserveCapacity(entries.count)
    for entry in entries {
      if draft.events.count >= Self.maximumEvents || draft.size >= Self.maximumBytes { break }
      outcomes.append((entry, try draft.decideAndEvolve(entry.command)))
    }
    entries.removeFirst(outcomes.count)
    guard let last = draft.events.last else { return BatchResult(outcomes) }
    let start = clock.monotonic
    try journal.append(draft.events, at: draft.start)
    let isPostponed = (!entries.isEmpty || isBusy()) && draft.state.postpone()
    let isWhole = isPostponed || commit(draft, last)
    let written = BatchResult.Commit(
      events: draft.events.count, tokens: draft.tokens, recorded: now,
      microseconds: clock.monotonic - start)
    return BatchResult(isWhole ? outcomes : try afterFailedState(outcomes), commit: written)
  }

  /// Gives the state what was left to a later commit.
  @available(*, noasync)
  func settle() throws { try state.catchUp() }

  private func commit(_ draft: Draft, _ last: [UInt8]) -> Bool {
    do {
      let applied = draft.start + UInt64(draft.events.count)
      try draft.state.commit(applied: applied, last: last)
      return true
    } catch {
      return false
    }
  }

  /// The events stand, but nobody may be told so before the state has them; nothing else is
  /// decided until it has.
  @available(*, noasync)
  private func afterFailedState(
    _ outcomes: [(Sequencer.Entry, Outcome)]
  ) throws -> [(Sequencer.Entry, Outcome)] {
    try state.catchUp()
    return outcomes.map { entry, outcome in
      if case .committed(let events) = outcome, !events.isEmpty { return (entry, .unknown) }
      return (entry, outcome)
    }
  }

  @available(*, noasync)
  private func hasRoom() throws -> Bool {
    do {
      try journal.reserve()
      return try state.hasRoom()
    } catch let error as JournalError where error.code == .noSpace {
      return false
    }
  }

  private func refuseAll(
    _ entries: inout [Sequencer.Entry], _ reason: Unavailability
  ) -> BatchResult {
    defer { entries = [] }
    return BatchResult(
      entries.map { ($0, .unavailable(reason)) }, unavailability: reason)
  }
}

/// A batch in the making.
private struct Draft {
  var state: StateBatch
  let start: Position
  let now: Timestamp
  var events: [[UInt8]] = []
  var size = 0
  /// Events of tokens.
  var tokens = 0

  init(_ state: StateBatch, _ start: Position, _ now: Timestamp) {
    self.state = state
    self.start = start
    self.now = now
  }

  /// Everything that can refuse the command happens before its first write.
  mutating func decideAndEvolve(_ command: Command) throws -> Outcome {
    switch try decide(command, state, now: now) {
    case .rejected(let rejection): return .rejected(rejection)
    case .repeated(let position): return .repeated(position)
    case .accepted(let new):
      let accepted = number(new, command)
      let encoded = accepted.map { $0.canonicalBytes() }
      if let large = encoded.first(where: { $0.count > Event.maximumSize }) {
        return .rejected(.tooLarge(bytes: large.count))
      }
      for event in accepted { try evolve(event, &state) }
      events += encoded
      size += encoded.reduce(0) { $0 + $1.count }
      if case .tokenIssued = accepted.first?.body { tokens += 1 }
      return .committed(accepted)
    }
  }

  private func number(_ new: [NewEvent], _ command: Command) -> [Event] {
    let first = start + UInt64(events.count)
    return new.enumerated().map { index, event in
      Event(
        position: first + UInt64(index), recorded: now, actor: event.actor ?? command.actor,
        subject: event.subject,
        part: Event.Part(index: Int64(index), count: Int64(new.count)),
        request: command.request, reason: event.reason ?? command.reason,
        cause: event.cause ?? event.part.map { first + UInt64($0) }, body: event.body)
    }
  }
}
