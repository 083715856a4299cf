package import Journal
package import Ledger
import Projections

/// A moment of a log: the last event that counts, and the time that expiries are compared with.
package struct PastMoment: Sendable, Hashable {
  package let position: Position
  package let time: Timestamp

  /// The words of a person for a moment.
  package enum Name: Sendable, Hashable {
    case position(Position)
    case time(Timestamp)

    /// A position in digits, or a date and time of RFC 3339.
    package init?(_ text: String) {
      if let position = Position(text), String(position) == text {
        self = .position(position)
      } else if let time = Timestamp(internet: text) {
        self = .time(time)
      } else {
        return nil
      }
    }
  }
}

/// There is no such moment in the log.
package struct NoSuchMoment: Error, CustomStringConvertible {
  package let description: String
  /// The position lies within a command, so it is no moment in any log.
  package let isWithinCommand: Bool
}

extension JournalReader {
  /// The moment that somebody means: as of a time is as of the last event recorded at or before it.
  ///
  /// - Parameter head: the number of events that count.
  /// - Throws: `NoSuchMoment` before the first event, behind the last, and within a command: what a
  ///   command did, it did at once.
  package func moment(_ name: PastMoment.Name, head: Position) throws -> PastMoment {
    guard head > 0, let first = try existingEvent(at: 0), let last = try existingEvent(at: head - 1)
    else { throw NoSuchMoment(description: "the log is empty", isWithinCommand: false) }
    switch name {
    case .position(let position):
      guard position < head, let event = try existingEvent(at: position) else {
        throw NoSuchMoment(
          description: "the log ends at position \(head - 1), \(last.recorded.text)",
          isWithinCommand: false)
      }
      try Self.requireWhole(event)
      return PastMoment(position: position, time: event.recorded)
    case .time(let time):
      guard let position = try lastPosition(at: time, below: head) else {
        throw NoSuchMoment(
          description: "the log begins with \(first.recorded.text)", isWithinCommand: false)
      }
      return PastMoment(position: position, time: time)
    }
  }

  private func existingEvent(at position: Position) throws -> Event? {
    try event(at: position).map { try Event(canonicalBytes: $0) }
  }

  private static func requireWhole(_ event: Event) throws(NoSuchMoment) {
    guard let part = event.part, part.index < part.count - 1 else { return }
    let start = event.position - Position(part.index)
    let end = start + Position(part.count) - 1
    let before = start > 0 ? "before it is position \(start - 1), " : ""
    throw NoSuchMoment(
      description: "position \(event.position) is within the command of positions \(start) to "
        + "\(end), which was carried out at once: \(before)behind it is position \(end)",
      isWithinCommand: true)
  }
}
