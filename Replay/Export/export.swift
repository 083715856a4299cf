package import Journal
package import Ledger
import Projections

/// What stands at a position is no event.
package struct UnreadableEvent: Error, Sendable, CustomStringConvertible {
  package let position: Position
  let what: String

  package var description: String { "the event at position \(position) \(what)" }
}

/// Writes the selected events one after the other. Takes as little memory for a large log as for a
/// small one, and keeps no page of it from being used again.
///
/// - Parameters:
///   - progress: called now and then with the number of events looked at.
///   - write: takes some whole lines; what it throws ends the export.
/// - Returns: how many events were written.
/// - Throws: `UnreadableEvent`; `JournalError` where the journal has a gap.
@available(*, noasync)
package func export(
  _ journal: any Journal, _ selection: ExportSelection, as format: ExportFormat,
  progress: (UInt64) -> Void = { _ in }, write: ([UInt8]) throws -> Void
) throws -> UInt64 {
  let reader = try journal.makeReader()
  let ledger = try reader.ledgerCreated()
  let positions = try selection.positions(reader)
  if !format.head.isEmpty { try write(format.head) }
  var next = positions.lowerBound
  var count: UInt64 = 0
  while next < positions.upperBound {
    let events = try reader.page(from: next, to: positions.upperBound)
    let taken = zip(next..., events).filter { selection.takes($0.1) }
    let lines = mapConcurrently(taken) { position, event in
      Result { try format.line(event, of: ledger) }.mapError {
        UnreadableEvent(position: position, what: "cannot be exported: \($0)")
      }
    }
    if !lines.isEmpty { try write(lines.flatMap { try $0.get() }) }
    count += UInt64(lines.count)
    next += UInt64(events.count)
    progress(next - positions.lowerBound)
  }
  return count
}

extension JournalReader {
  /// What the first event says of the ledger.
  func ledgerCreated() throws -> LedgerCreated {
    guard case .ledgerCreated(let data) = try event(decodedAt: 0).body else {
      throw UnreadableEvent(position: 0, what: "does not begin a ledger")
    }
    return data
  }
}
