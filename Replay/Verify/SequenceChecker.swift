import CanonicalJSON
import Journal
import Ledger

/// Checks events one after the other.
struct SequenceChecker {
  /// The position that the next event must have.
  private(set) var next: Position
  /// The keys that these events activate.
  private(set) var keys: [LoggedKey] = []
  /// The last name that these events give the log; nil when they give none.
  private(set) var origin: String?
  private var last = Timestamp(microseconds: 0)
  /// The part that the next event must be, inside a command.
  private var expected: Event.Part?
  /// The first event of that command.
  private var firstOfCommand: Event?

  /// Begins at the first event of the log, or behind others: then `follow` comes first.
  init(next: Position) { self.next = next }

  /// Learns what the next event must follow from the events before it.
  mutating func follow(_ reader: any JournalReader) throws(Verification.Fault) {
    let previous = try Self.event(at: next - 1, reader)
    last = previous.recorded
    guard let part = previous.part else { return }
    expected = part.next
    guard part.next != nil else { return }
    guard part.index < next else {
      throw Verification.Fault(event: next - 1, "continues a command that is not there")
    }
    firstOfCommand = try Self.event(at: next - 1 - Position(part.index), reader)
  }

  mutating func check(_ stored: Span<UInt8>) throws(Verification.Fault) {
    if let token = PlainToken(storedBytes: stored) { return try check(token) }
    let event = try Self.decode(stored, at: next)
    try checkPlace(event.position, event.recorded)
    try checkPart(event)
    try checkMeaning(event)
    pass(event.recorded)
  }

  /// The log ends with a whole command.
  func finish() throws(Verification.Fault) {
    guard expected == nil else { throw fault("is missing: the last command is not whole") }
  }

  private func fault(_ what: String) -> Verification.Fault {
    Verification.Fault(event: next, what)
  }

  private mutating func check(_ token: PlainToken) throws(Verification.Fault) {
    try checkPlace(token.position, token.recorded)
    guard expected == nil else { throw fault("breaks into a command of more events") }
    try checkExpiry(token.expires, token.recorded)
    pass(token.recorded)
  }

  private mutating func pass(_ recorded: Timestamp) {
    last = recorded
    next += 1
  }

  private func checkPlace(_ position: Position, _ recorded: Timestamp) throws(Verification.Fault) {
    guard position == next else { throw fault("says that it is at \(position)") }
    guard recorded >= last else { throw fault("is recorded before the event before it") }
  }

  private func checkExpiry(_ expires: Int64, _ recorded: Timestamp) throws(Verification.Fault) {
    guard expires > recorded.seconds else { throw fault("is a token that expired before it began") }
  }

  /// An event has the actor of its command's first, but for what the ledger itself adds to it.
  private func hasItsActor(_ event: Event) -> Bool {
    event.actor == firstOfCommand?.actor || event.actor == .ownGuard
  }

  private mutating func checkPart(_ event: Event) throws(Verification.Fault) {
    if let expected {
      guard event.part == expected else { throw fault("breaks into a command of more events") }
      guard event.recorded == firstOfCommand?.recorded, hasItsActor(event),
        event.request == firstOfCommand?.request
      else { throw fault("differs from the first event of its command in time or actor") }
    } else {
      guard event.part?.index ?? 0 == 0 else {
        throw fault("continues a command that is not there")
      }
      firstOfCommand = event.part == nil ? nil : event
    }
    expected = event.part?.next
  }

  /// What can be said of an event without the state.
  private mutating func checkMeaning(_ event: Event) throws(Verification.Fault) {
    var isBeginning = false
    switch event.body {
    case .ledgerCreated(let ledger):
      isBeginning = true
      origin = ledger.origin
    case .ledgerContinued(let ledger): origin = ledger.origin
    case .tokenIssued(let token): try checkExpiry(token.expires, event.recorded)
    case .keyActivated(let key):
      guard let publicKey = key.publicKey else {
        throw fault("activates a key that is no point of P-256")
      }
      keys.append(LoggedKey(id: event.subject, position: next, publicKey: publicKey))
    default: break
    }
    guard isBeginning == (next == 0) else {
      throw fault(isBeginning ? "begins a ledger inside another" : "does not begin a ledger")
    }
  }

  private static func event(
    at position: Position, _ reader: any JournalReader
  ) throws(Verification.Fault) -> Event {
    let stored: [UInt8]?
    do {
      stored = try reader.event(at: position)
    } catch {
      throw Verification.Fault(event: position, "cannot be read: \(error)")
    }
    guard let stored else { throw Verification.Fault(event: position, "is missing") }
    return try decode(stored.span, at: position)
  }

  /// The event that stored bytes are, if they are in canonical form and of a known schema.
  private static func decode(
    _ stored: Span<UInt8>, at position: Position
  ) throws(Verification.Fault) -> Event {
    do {
      var reader = try ObjectReader(try JSON.parseCanonical(stored))
      let event = try Event(from: &reader)
      try reader.finish()
      return event
    } catch {
      throw Verification.Fault(event: position, "cannot be read: \(error)")
    }
  }
}

extension Event.Part {
  /// The part that must follow; nil of the last.
  fileprivate var next: Event.Part? { Event.Part(index: index + 1, count: count) }
}
