import CanonicalJSON
import HTTPServer

/// What a list is written as.
enum ListForm: String {
  /// `{"items","total"}`
  case object = "application/json"
  /// A row of CSV each, with a cell for each column.
  case table = "text/csv"
  /// A line of JSON each.
  case lines = "application/x-ndjson"

  /// What the request prefers.
  init(_ request: Request) {
    let types = [Self.object, .table, .lines].map(\.rawValue)
    self = Self(rawValue: request.preferred(among: types)) ?? .object
  }

  var contentType: String { self == .table ? CSV.contentType : rawValue }
}
