import CanonicalJSON
import HTTPServer
import Ledger

/// Which part of a list a request wants.
struct ListPage {
  let number: Int
  /// Nil for all.
  let size: Int?

  /// Reads `page` (from 1) and `per_page` (1 to 1,000, or `all`; 50 unless given).
  init(_ query: FormParameters) throws(Problem) {
    guard let number = Int(query["page"] ?? "1"), number >= 1 else {
      throw .parameter("page", "must be a whole number from 1")
    }
    self.number = number
    let text = query["per_page"] ?? "50"
    if text == "all" {
      size = nil
      return
    }
    guard let size = Int(text), (1...1_000).contains(size) else {
      throw .parameter("per_page", "must be a whole number from 1 to 1000, or all")
    }
    self.size = size
  }

  func slice<Element>(_ items: [Element]) -> ArraySlice<Element> {
    guard let size else { return items[...] }
    let (start, overflow) = (number - 1).multipliedReportingOverflow(by: size)
    return overflow ? [] : items.dropFirst(start).prefix(size)
  }

  /// RFC 8288: the pages before and behind this one, with the filters of the request.
  func link(_ request: Request, total: Int) -> String? {
    guard let size else { return nil }
    let filters = (request.query ?? "").split(separator: "&").filter {
      !$0.hasPrefix("page=") && !$0.hasPrefix("per_page=")
    }
    func link(_ page: Int, _ relation: String) -> String {
      let query = filters.map(String.init) + ["page=\(page)", "per_page=\(size)"]
      return "<\(request.path)?\(query.joined(separator: "&"))>; rel=\"\(relation)\""
    }
    var links: [String] = []
    if number > 1 { links.append(link(number - 1, "prev")) }
    if total > 0, number <= (total - 1) / size { links.append(link(number + 1, "next")) }
    return links.isEmpty ? nil : links.joined(separator: ", ")
  }
}

extension Desk {
  /// The parameters of a query; only those named may be there, each with a value.
  func query(_ request: Request, _ allowed: [String]) throws(Problem) -> FormParameters {
    guard let query = FormParameters(Array((request.query ?? "").utf8)) else {
      throw .badRequest("The query cannot be read, or has a parameter twice, or more than 64.")
    }
    if let unknown = query.names.first(where: { !allowed.contains($0) }) {
      let known = allowed.isEmpty ? "none" : allowed.joined(separator: ", ")
      throw .parameter(unknown, "is not a parameter of this path, which takes \(known)")
    }
    if let empty = query.names.first(where: { query[$0] == nil }) {
      throw .parameter(empty, "must have a value")
    }
    return query
  }

  /// One page of a list: `{"items","total"}`.
  func list<Item>(
    _ items: [Item], _ request: Request, filters: [String] = [],
    _ represent: (Item) throws -> JSON
  ) throws -> Response {
    let page = try ListPage(try query(request, ["page", "per_page"] + filters))
    let body = JSON.object([
      .init("items", .array(try page.slice(items).map(represent))),
      .init("total", .integer(Int64(items.count))),
    ])
    var response = Response.json(body)
    if let link = page.link(request, total: items.count) {
      response.headers.append(("Link", link))
    }
    return response
  }

  /// A query parameter that is a whole number within bounds.
  func number(
    _ name: String, _ text: String, _ range: ClosedRange<Int>
  ) throws(Problem) -> Int {
    guard let number = Int(text), range.contains(number) else {
      throw .parameter(
        name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }
}
