import CanonicalJSON
import HTTPServer
import Ledger
import Projections

/// `/admin/reports`
extension Desk {
  /// Which reports there are, with their parameters and columns.
  func listReports(_ request: Request) throws -> Response {
    _ = try administrator(request, .readAudit, at: .everything)
    _ = try query(request, [])
    return Response.json(
      .object([
        .init("items", .array(Report.all.map(\.representation))),
        .init("total", .integer(Int64(Report.all.count))),
      ]))
  }

  /// One report, as JSON or as CSV. It is complete before the answer begins.
  func report(_ name: String, _ request: Request) throws -> Response {
    guard let report = Report.all.first(where: { $0.name == name }) else {
      throw Problem.notFound("report")
    }
    let query = try query(request, report.parameters.map(\.name) + ["as_of"])
    let arguments = try ReportArguments(report.parameters, query)
    let past = Past(state: state, moment: try moment(query["as_of"]))
    let document = ReportDocument(report, arguments, past.moment)
    let isCSV =
      request.preferred(among: ["application/json", CSV.mediaType]) == CSV.mediaType
    return isCSV ? try document.csv(past) : try document.json(past)
  }
}
