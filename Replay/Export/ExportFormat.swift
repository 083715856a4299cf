import CanonicalJSON
import Ledger

/// What events are exported as; each is one line, but for CSV, whose texts may have line breaks.
package enum ExportFormat: String, CaseIterable, Sendable {
  /// The stored bytes, each event's followed by a line feed.
  case ndjson
  case cloudevents
  case ocsf
  /// What `GET /admin/events` answers as `text/csv`.
  case csv

  /// What stands before the first event.
  var head: [UInt8] { self == .csv ? EventRow.header : [] }

  /// - Parameters:
  ///   - event: its stored bytes.
  ///   - ledger: the first event of its log.
  func line(_ event: [UInt8], of ledger: LedgerCreated) throws -> [UInt8] {
    switch self {
    case .ndjson: try Self.framed(event)
    case .cloudevents: try CloudEvent.line(event, origin: ledger.origin)
    case .ocsf: try OCSFEvent.line(event, of: ledger)
    case .csv: try EventRow.of(event)
    }
  }

  /// No event holds a line feed; damaged bytes may.
  private static func framed(_ event: [UInt8]) throws(MalformedLine) -> [UInt8] {
    guard !event.contains(UInt8(ascii: "\n")) else { throw MalformedLine() }
    return event + [UInt8(ascii: "\n")]
  }

  private struct MalformedLine: Error, CustomStringConvertible {
    let description = "it holds a line feed"
  }
}
