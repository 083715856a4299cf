import CanonicalJSON
import HTTPServer
import Ledger
import Projections

/// The body of a list that is asked for as a whole: which things it has is known, 24 bytes each;
/// they are read, as they stood at one moment, when the one who asked takes them.
final class WholeList: BodyStream, @unchecked Sendable {
  // Unchecked: made on one thread and pulled on another one alone, as the body of one answer.
  private let listing: Listing
  private let things: [Identifier]
  private let state: StateSnapshot
  private let sendings: Sendings
  private let moment: Moment
  private let form: ListForm
  private let columns: [String]
  private let represent: @Sendable (ListRow, StateSnapshot, Moment) throws -> JSON
  private var sent = 0
  private var isDone = false

  /// About a millisecond of work on the thread that sends it.
  private static let portion = 50

  /// - Throws: a `Problem` with the status 503 when too many are being sent.
  init(
    _ listing: Listing, _ things: [Identifier], _ service: Service, _ moment: Moment,
    _ form: ListForm, _ columns: [String],
    _ represent: @escaping @Sendable (ListRow, StateSnapshot, Moment) throws -> JSON
  ) throws {
    let sendings = service.sendings
    try sendings.begin()
    do {
      state = try service.state.makeSnapshot()
    } catch {
      sendings.end()
      throw error
    }
    self.sendings = sendings
    self.listing = listing
    self.things = things
    self.moment = moment
    self.form = form
    self.columns = columns
    self.represent = represent
  }

  deinit { sendings.end() }

  var response: Response {
    Response(
      status: 200,
      headers: [
        ("Content-Type", form.contentType), ("Cache-Control", "no-store"),
        ("Ledger-Position", String(moment.position)),
      ],
      body: .stream(self))
  }

  func next() throws -> [UInt8]? {
    if isDone { return nil }
    var bytes = sent == 0 ? start : []
    for item in try nextItems() {
      append(item, to: &bytes)
      sent += 1
    }
    guard sent == things.count else { return bytes }
    isDone = true
    return bytes + end
  }

  func cancel() {}

  private func nextItems() throws -> [JSON] {
    let portion = things[sent..<min(sent + Self.portion, things.count)]
    return try state.read(asOf: moment.position) { state in
      try portion.map { thing in
        guard let row = try state.row(thing, listing) else { throw Missing(thing: thing) }
        return try represent(row, state, moment)
      }
    }
  }

  private struct Missing: Error {
    let thing: Identifier
  }

  private func append(_ item: JSON, to bytes: inout [UInt8]) {
    switch form {
    case .object:
      if sent > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes += item.canonicalBytes()
    case .table: bytes += CSV.row(columns.map { item[$0] })
    case .lines: bytes += item.canonicalBytes() + [UInt8(ascii: "\n")]
    }
  }

  private var start: [UInt8] {
    switch form {
    case .object: Array("{\"items\":[".utf8)
    case .table: CSV.header(columns)
    case .lines: []
    }
  }

  private var end: [UInt8] {
    form == .object ? Array("],\"total\":\(things.count)}".utf8) : []
  }
}
