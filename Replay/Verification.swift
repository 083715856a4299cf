import CanonicalJSON
package import Journal
package import Ledger
import Projections

/// What a verification found.
package struct Verification: Sendable {
  /// The first thing that is wrong.
  package struct Fault: Error, Sendable, Hashable {
    package let position: Position
    package let what: String
  }

  /// Events that were read and found right.
  package let events: UInt64
  package let fault: Fault?
}

/// Reads every event and checks what each must be by itself and after the one before it: canonical
/// form, the schema of its type, its position, the order of time, and whole commands.
///
/// - Parameter progress: called now and then with the number of events read.
/// - Throws: when the journal cannot be read at all.
@available(*, noasync)
package func verify(
  _ journal: any Journal, progress: (UInt64) -> Void = { _ in }
) throws -> Verification {
  let reader = try journal.makeReader()
  let head = try reader.head()
  var checker = SequenceChecker()
  do {
    while checker.next < head {
      let events = try reader.events(
        from: checker.next, limit: Int(min(1_000, head - checker.next)), maximumBytes: 4 << 20)
      for event in mapConcurrently(events, decode) { try checker.check(event) }
      progress(checker.next)
    }
    try checker.finish()
    return Verification(events: checker.next, fault: nil)
  } catch let fault as Verification.Fault {
    return Verification(events: checker.next, fault: fault)
  } catch let error as JournalError where error.code == .damaged {
    return Verification(
      events: checker.next, fault: .init(position: checker.next, what: error.description))
  }
}

/// Why stored bytes are no event.
struct Unreadable: Error {
  let what: String
}

/// The event that stored bytes are, if they are in canonical form and of a known schema.
@Sendable private func decode(_ bytes: [UInt8]) -> Result<Event, Unreadable> {
  guard bytes.count <= Event.maximumSize else {
    return .failure(Unreadable(what: "is larger than an event may be"))
  }
  do {
    var reader = try ObjectReader(try JSON.parseCanonical(bytes))
    let event = try Event(from: &reader)
    try reader.finish()
    return .success(event)
  } catch {
    return .failure(Unreadable(what: "cannot be read: \(error)"))
  }
}

/// Checks events one after the other.
struct SequenceChecker {
  /// The position that the next event must have.
  private(set) var next: Position = 0
  private var last = Timestamp(microseconds: 0)
  /// The part that the next event must be, inside a command.
  private var expected: Event.Part?
  /// The first event of that command.
  private var firstOfCommand: Event?

  mutating func check(_ decoded: Result<Event, Unreadable>) throws(Verification.Fault) {
    let event: Event
    do {
      event = try decoded.get()
    } catch {
      throw fault(error.what)
    }
    guard event.position == next else { throw fault("says that it is at \(event.position)") }
    guard event.recorded >= last else { throw fault("is recorded before the event before it") }
    try checkPart(event)
    last = event.recorded
    next += 1
  }

  /// The log ends with a whole command.
  func finish() throws(Verification.Fault) {
    guard expected == nil else { throw fault("is missing: the last command is not whole") }
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
    expected = event.part.flatMap { Event.Part(index: $0.index + 1, count: $0.count) }
  }

  private func fault(_ what: String) -> Verification.Fault {
    Verification.Fault(position: next, what: what)
  }
}
