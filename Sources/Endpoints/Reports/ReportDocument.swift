import CanonicalJSON
import HTTPServer
import Ledger

/// A report that was asked for, in the forms in which it can be had.
struct ReportDocument {
  private let report: Report
  private let arguments: ReportArguments
  private let moment: Moment

  init(_ report: Report, _ arguments: ReportArguments, _ moment: Moment) {
    self.report = report
    self.arguments = arguments
    self.moment = moment
  }

  /// `{"as_of","name","parameters","position","row_count","rows":[{…}]}`; what has no value is
  /// null.
  func json(_ past: Past) throws -> Response {
    let spool = Spool()
    var count = 0
    try report.rows(past, arguments) { cells in
      let members = zip(report.columns, cells).map { JSON.Member($0, $1 ?? .null) }
      try spool.append(
        (count > 0 ? [UInt8(ascii: ",")] : []) + JSON.object(members).canonicalBytes())
      count += 1
    }
    let head = JSON.object([
      .init("as_of", .string(moment.time.text)), .init("name", .string(report.name)),
      .init("parameters", arguments.representation),
      .init("position", .integer(Int64(moment.position))),
      .init("row_count", .integer(Int64(count))), .init("rows", .array([])),
    ]).canonicalBytes()
    return response(
      spool.body(after: head.dropLast(2), before: Array("]}".utf8)), "application/json", count)
  }

  /// The names of the columns, and the rows.
  func csv(_ past: Past) throws -> Response {
    let spool = Spool()
    var count = 0
    try report.rows(past, arguments) { cells in
      try spool.append(CSV.row(cells))
      count += 1
    }
    return response(
      spool.body(after: CSV.header(report.columns), before: []), CSV.contentType, count)
  }

  private func response(
    _ body: Response.Body, _ contentType: String, _ count: Int
  ) -> Response {
    Response(
      status: 200,
      headers: [
        ("Content-Type", contentType), ("Cache-Control", "no-store"),
        ("Ledger-Position", String(moment.position)), ("Ledger-As-Of", moment.time.text),
        ("Row-Count", String(count)),
      ], body: body)
  }
}
