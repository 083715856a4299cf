package import Journal
package import Ledger
import Projections

/// Which events of a log are exported.
package struct ExportSelection: Sendable {
  /// Where the exported part begins, or before what it ends: a position, or the first event that was
  /// recorded at a time or later.
  package typealias Bound = PastMoment.Name

  private let from: Bound
  private let to: Bound?
  /// How the stored bytes of the wanted types end; empty for all types.
  private let typeEnds: [[UInt8]]
  private let mention: Mention?

  /// - Parameters:
  ///   - to: not itself exported; the head when nil.
  ///   - types: all when empty.
  ///   - subject: takes the events that name it, see `Mention`.
  package init(
    from: Bound = .position(0), to: Bound? = nil, types: [String] = [], subject: Identifier? = nil
  ) {
    self.from = from
    self.to = to
    // The canonical form ends with the type.
    typeEnds = types.map { Array(",\"type\":\"\($0)\"}".utf8) }
    mention = subject.map(Mention.init)
  }

  /// Whether there are events of a type.
  package static func knows(type: String) -> Bool { CarriedFile.types.contains(type) }

  /// - Parameter event: its stored bytes.
  package func takes(_ event: [UInt8]) -> Bool {
    let isOfType =
      typeEnds.isEmpty || typeEnds.contains { event.suffix($0.count).elementsEqual($0) }
    return isOfType && mention?.stands(in: event) ?? true
  }

  /// Where the events are looked for: nothing behind the head.
  package func positions(_ log: any JournalReader) throws -> Range<Position> {
    let head = try log.head()
    let start = min(try log.position(of: from), head)
    let end = try to.map { min(try log.position(of: $0), head) } ?? head
    return start..<max(start, end)
  }
}

extension JournalReader {
  fileprivate func position(of bound: ExportSelection.Bound) throws -> Position {
    switch bound {
    case .position(let position): return position
    case .time(let time):
      let before = Timestamp(microseconds: time.microseconds - 1)
      return try lastPosition(at: before, below: head()).map { $0 + 1 } ?? 0
    }
  }

  /// - Throws: `UnreadableEvent`, also when there is none.
  func event(decodedAt position: Position) throws -> Event {
    guard let bytes = try event(at: position) else {
      throw UnreadableEvent(position: position, what: "is missing")
    }
    do {
      return try Event(canonicalBytes: bytes)
    } catch {
      throw UnreadableEvent(position: position, what: "cannot be read: \(error)")
    }
  }
}
