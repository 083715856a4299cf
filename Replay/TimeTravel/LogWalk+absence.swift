package import Ledger

extension LogWalk {
  /// Why a thing was not there at the moment that the walk has come to, in words: it had ended, was
  /// made later, or is not in this log at all. Goes on through the log to find out.
  ///
  /// - Parameter head: the number of events that count.
  @available(*, noasync)
  package mutating func absence(
    of thing: Identifier, at moment: PastMoment, head: Position
  ) throws -> String {
    if let ended = try state.lastChange(of: thing).flatMap({ try state.event(at: $0) }) {
      return "\(thing.text) had ended at position \(moment.position): "
        + "position \(ended.position), \(ended.recorded.text)"
    }
    var making: Event?
    if thing.kind == .token {
      making = try reader.tokenEvent(thing, head: head)
    } else if head > 0 {
      try advance(
        through: head - 1,
        visit: { event, state in
          if state.concerned.contains(thing) { making = event }
          return making == nil
        })
    }
    guard let making else { return "\(thing.text) is not in this log" }
    return
      "\(thing.text) was not there yet at position \(moment.position): it was made at position "
      + "\(making.position), \(making.recorded.text)"
  }
}
