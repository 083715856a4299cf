package import Journal
package import Ledger
import Projections

/// Goes through a log once, from its first event on, and knows the state after the last one that it
/// came to. Sends nothing; holds no snapshot of the log, so that a server beside it is not kept from
/// using its pages again.
package struct LogWalk {
  package let reader: any JournalReader
  package private(set) var state: PastState
  /// The position that comes next.
  package private(set) var next: Position = 0

  package init(_ journal: any Journal) throws {
    reader = try journal.makeReader()
    state = PastState(reader)
  }

  /// Applies the events up to a position and that one too; nothing when they are behind it already.
  ///
  /// Of tokens' events, of which most logs consist, only the end is read: their type, revision and
  /// subject.
  ///
  /// - Parameters:
  ///   - progress: called now and then with the number of events applied so far.
  ///   - visit: called with every event that issues no token, and the state behind it; false ends the
  ///     walk there.
  /// - Throws: `JournalError` for an event that is missing or cannot be read, `ImpossibleEvent` for
  ///   one that does not fit those before it.
  @available(*, noasync)
  package mutating func advance(
    through end: Position, progress: (UInt64) -> Void = { _ in },
    visit: (Event, PastState) throws -> Bool = { _, _ in true }
  ) throws {
    while next <= end {
      guard try apply(reader.page(from: next, to: end + 1), visit) else { return }
      progress(next)
    }
  }

  /// - Returns: what `visit` did last.
  private mutating func apply(
    _ stored: [[UInt8]], _ visit: (Event, PastState) throws -> Bool
  ) throws -> Bool {
    let start = next
    let others = stored.indices.filter { !isTokenIssued(stored[$0]) }
    let events = mapConcurrently(others) { place in
      Result { try Event(canonicalBytes: stored[place]) }
    }
    for (place, event) in zip(others, events) {
      passTokens(before: start + Position(place))
      try state.apply(event.event(at: next))
      next += 1
      guard try visit(event.get(), state) else { return false }
    }
    passTokens(before: start + Position(stored.count))
    return true
  }

  private mutating func passTokens(before position: Position) {
    state.countTokens(position - next)
    next = position
  }
}

extension Result<Event, any Error> {
  /// The event that was read at a position.
  ///
  /// - Throws: `JournalError` when it could not be read or says that it is at another one.
  func event(at position: Position) throws -> Event {
    let event: Event
    do {
      event = try get()
    } catch {
      throw JournalError(.damaged, "the event at position \(position) cannot be read: \(error)")
    }
    guard event.position == position else {
      throw JournalError(
        .damaged, "the event at position \(position) says that it is at \(event.position)")
    }
    return event
  }
}

/// Whether stored bytes are an event that issues a token, of a revision that is known: the canonical
/// form ends with revision, subject and type.
func isTokenIssued(_ bytes: [UInt8]) -> Bool {
  let end = bytes.count - tokenEnd.count
  // `"revision":2,"subject":"` and the thirty characters of an identifier.
  let subject = end - 30 - subjectName.count
  guard subject > revisionName.count, bytes[end...].elementsEqual(tokenEnd),
    bytes[subject..<(end - 30)].elementsEqual(subjectName),
    bytes[(subject - 1 - revisionName.count)..<(subject - 1)].elementsEqual(revisionName)
  else { return false }
  let revision = bytes[subject - 1] &- UInt8(ascii: "0")
  return revision >= 1 && Int64(revision) <= TokenIssued.revision
}

private let tokenEnd = Array("\",\"type\":\"\(TokenIssued.type)\"}".utf8)
private let subjectName = Array(",\"subject\":\"".utf8)
private let revisionName = Array("\"revision\":".utf8)
