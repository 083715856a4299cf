import HTTPServer
import Ledger
import Projections

/// What a read speaks of: the state after an event, and the time that expiries are compared with.
struct Moment: Sendable {
  let position: Position
  let time: Timestamp
}

extension Desk {
  /// The moment that the parameter `as_of` names, a position or a time of RFC 3339; now unless
  /// given. A position within a command stands for the one before that command: what a command
  /// did, it did at once.
  ///
  /// - Throws: 400 for what is neither, beyond the log or before its first command was complete.
  func moment(_ text: String?) throws -> Moment {
    try state.read { state in
      let head = try state.head()
      guard let text else { return Moment(position: head - 1, time: now) }
      if let position = Position(text) {
        guard position < head, let moment = try Self.moment(at: position, state) else {
          throw Problem.outsideLog(head)
        }
        return moment
      }
      guard let time = Timestamp(internet: text) else {
        throw Problem.parameter(
          "as_of", "must be a position or a time such as 2026-11-21T05:16:00Z")
      }
      guard time <= now, let position = try state.events.lastPosition(at: time, below: head) else {
        throw Problem.outsideLog(head)
      }
      return Moment(position: position, time: time)
    }
  }

  /// Answers from the state as it stands, or as it stood at the moment that `as_of` names, whose
  /// position the answer then tells.
  func read(
    asOf text: String?, _ answer: (StateSnapshot) throws -> Response
  ) throws -> Response {
    guard let text else { return try state.read(answer) }
    let moment = try moment(text)
    var response = try state.read(asOf: moment.position, answer)
    response.headers.append(("Ledger-Position", String(moment.position)))
    return response
  }

  private static func moment(at position: Position, _ state: StateSnapshot) throws -> Moment? {
    guard let event = try state.event(at: position) else { return nil }
    guard let part = event.part, part.index < part.count - 1 else {
      return Moment(position: position, time: event.recorded)
    }
    let start = position - UInt64(part.index)
    return start == 0 ? nil : try moment(at: start - 1, state)
  }
}

extension Problem {
  fileprivate static func outsideLog(_ head: Position) -> Problem {
    .parameter(
      "as_of",
      "must not be before the log began or beyond its end, which is now at position \(head - 1)")
  }
}
