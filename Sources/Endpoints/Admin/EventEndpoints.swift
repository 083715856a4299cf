import CanonicalJSON
import HTTPServer
import Journal
import Ledger
import Projections

/// `/admin/events`
extension Desk {
  /// Events in the order of the log. As JSON one page; in the other forms all that match.
  func listEvents(_ request: Request) throws -> Response {
    _ = try administrator(request, .readAudit, at: .everything)
    let query = try query(request, EventFilter.parameters + ["after", "from", "limit", "to"])
    let after = try query["after"].map { try number("after", $0, 0...(1 << 53)) }
    let filter = try EventFilter(query)
    let times = try state.read {
      try Self.positions(
        from: query["from"], to: query["to"], below: service.journal.head, $0)
    }
    let start = max(after.map { UInt64($0) + 1 } ?? 0, times.lowerBound)
    let reader = state.events
    if let form = EventForm(request) {
      let limit = try query["limit"].map { try number("limit", $0, 1...Int.max) }
      let scan = EventScan(reader, filter, from: start, end: times.upperBound, limit: limit)
      return Response(
        status: 200,
        headers: [("Content-Type", form.contentType), ("Cache-Control", "no-store")],
        body: .stream(EventStream(scan, form)))
    }
    let limit = try query["limit"].map { try number("limit", $0, 1...1_000) } ?? 100
    return try page(
      EventScan(reader, filter, from: start, end: times.upperBound, limit: limit))
  }

  func showEvent(_ text: String, _ request: Request) throws -> Response {
    _ = try administrator(request, .readAudit, at: .everything)
    _ = try query(request, [])
    guard let position = UInt64(text), String(position) == text,
      let bytes = try state.events.event(at: position)
    else {
      throw Problem.notFound("event")
    }
    return Response.json(bytes)
  }

  /// `{"items":[…],"next":…}`: `next` is the `after` of the following page, and is missing when
  /// the end of the log was reached.
  private func page(_ scan: EventScan) throws -> Response {
    let found = try scan.matches(withinEvents: Self.pageEffort)
    var body = Array("{\"items\":[".utf8)
    for (index, event) in found.enumerated() {
      if index > 0 { body.append(UInt8(ascii: ",")) }
      body += event
    }
    body.append(UInt8(ascii: "]"))
    if !scan.isAtEnd, scan.next > 0 { body += Array(",\"next\":\(scan.next - 1)".utf8) }
    body.append(UInt8(ascii: "}"))
    return Response.json(body)
  }

  /// Events that one page may look at: a few milliseconds of work.
  private static let pageEffort = 20_000
}

/// Walks the log from a position to the head it had at the beginning. Used by one thread at a time.
final class EventScan: @unchecked Sendable {
  // Unchecked: made on the loop's thread and pulled there alone, as the body of one answer.
  private let reader: any JournalReader
  private let filter: EventFilter
  private let end: UInt64
  private var left: Int
  private(set) var next: UInt64

  init(
    _ reader: any JournalReader, _ filter: EventFilter, from start: UInt64, end: UInt64, limit: Int?
  ) {
    self.reader = reader
    self.filter = filter
    self.end = end
    next = start
    left = limit ?? .max
  }

  var isAtEnd: Bool { next >= end }

  /// Matching events among the next ones, until the limit, the end, or `effort` events looked at.
  func matches(withinEvents effort: Int) throws -> [[UInt8]] {
    var found: [[UInt8]] = []
    let stop = next.addingReportingOverflow(UInt64(effort)).partialValue
    while next < min(stop, end), left > 0 {
      let limit = Int(min(1_000, min(stop, end) - next))
      let events = try reader.events(from: next, limit: limit, maximumBytes: 1 << 20)
      guard !events.isEmpty else { return found }
      for event in events where left > 0 {
        next += 1
        guard filter.matches(event) else { continue }
        left -= 1
        found.append(event)
      }
    }
    return found
  }

  var isDone: Bool { left == 0 || isAtEnd }
}
