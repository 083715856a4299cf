import CanonicalJSON
import HTTPServer
import Ledger

/// How events are written one after the other: a line each in the stored bytes, or a row of CSV.
enum EventForm {
  case lines, table

  /// Nil when the client likes a page of JSON best.
  init?(_ request: Request) {
    switch request.preferred(among: ["application/json", Self.linesType, CSV.mediaType]) {
    case Self.linesType: self = .lines
    case CSV.mediaType: self = .table
    default: return nil
    }
  }

  private static let linesType = "application/x-ndjson"
  var contentType: String { self == .lines ? Self.linesType : CSV.contentType }

  /// What stands before the first event.
  var head: [UInt8] { self == .lines ? [] : EventRow.header }

  /// - Parameter event: its stored bytes.
  func write(_ event: [UInt8]) throws -> [UInt8] {
    self == .lines ? event + [UInt8(ascii: "\n")] : try EventRow.of(event)
  }
}

/// A body of events, read as fast as the client takes it. Used by one thread at a time.
final class EventStream: BodyStream, @unchecked Sendable {
  // Unchecked: made on the loop's thread and pulled there alone, as the body of one answer.
  private let scan: EventScan
  private let form: EventForm
  private var head: [UInt8]

  init(_ scan: EventScan, _ form: EventForm) {
    self.scan = scan
    self.form = form
    head = form.head
  }

  func next() throws -> [UInt8]? {
    if !head.isEmpty {
      defer { head = [] }
      return head
    }
    guard !scan.isDone else { return nil }
    return try scan.matches(withinEvents: 250).flatMap(form.write)
  }

  func cancel() {}
}
