import CanonicalJSON
import Cryptography
import HTTPServer
import Ledger
import Projections

/// Lists of the things that have a listing. In the reading room.
extension Desk {
  /// One part of a list as JSON, CSV or lines of JSON, with the parts beside it in `Link` and the
  /// position that it speaks of in `Ledger-Position`; or the whole list, written while it is sent.
  ///
  /// - Parameters:
  ///   - facts: members that are no columns, for the header of CSV.
  ///   - computed: columns that the records do not have.
  ///   - fixed: conditions of the path.
  ///   - represent: called inside a read of the state, on any thread.
  func list(
    _ listing: Listing, _ request: Request, in places: Places, facts: [String] = [],
    computed: [ComputedColumn] = [],
    within fixed: (StateSnapshot) throws -> [Condition] = { _ in [] },
    represent: @escaping @Sendable (ListRow, StateSnapshot, Moment) throws -> JSON
  ) throws -> Response {
    let query = try query(request, ListRequest.parameters(listing, computed))
    let asked = try ListRequest(query, listing, computed)
    let moment = try moment(query["as_of"])
    let columns = listing.columns.map(\.name) + facts
    return try state.read(asOf: moment.position) { state in
      var extra = Computed()
      extra.checks = try computed.compactMap { try $0.check(query, state, moment) }
      extra.key = asked.computedOrder?.key
      let wanted = ListQuery(
        listing, conditions: asked.conditions + (try fixed(state)), text: asked.text,
        sort: asked.sort, isDescending: asked.isDescending, places: places, computed: extra)
      if asked.isWhole {
        return try WholeList(
          listing, state.all(wanted), service, moment, ListForm(request), columns, represent
        ).response
      }
      let part = try state.list(wanted, asked.window)
      let items = try part.rows.map { try represent($0, state, moment) }
      return ListAnswer(items: items, columns: columns, part: part, isWhole: false)
        .response(request, moment)
    }
  }

  /// The same of things that have no index and are few enough to look at all of them.
  ///
  /// - Parameters:
  ///   - key: what tells a thing apart.
  ///   - records: called inside a read of the state.
  func list(
    _ listing: Listing, _ request: Request, facts: [String] = [], key: (JSON) -> [UInt8],
    records: (StateSnapshot) throws -> [JSON]
  ) throws -> Response {
    let query = try query(request, ListRequest.parameters(listing, []))
    let asked = try ListRequest(query, listing)
    let moment = try moment(query["as_of"])
    let found = try state.read(asOf: moment.position, records)
    let part = ListQuery(
      listing, conditions: asked.conditions, text: asked.text, sort: asked.sort,
      isDescending: asked.isDescending
    ).part(ofRecords: found.map { (key($0), $0.canonicalBytes()) }, asked.window)
    return ListAnswer(
      items: try part.rows.map { try JSON.parse($0.record) },
      columns: listing.columns.map(\.name) + facts, part: part, isWhole: asked.isWhole
    ).response(request, moment)
  }
}

/// A part of a list on its way out.
private struct ListAnswer {
  let items: [JSON]
  let columns: [String]
  let part: ListPart
  let isWhole: Bool

  func response(_ request: Request, _ moment: Moment) -> Response {
    var response = document(ListForm(request))
    response.headers.append(("Ledger-Position", String(moment.position)))
    if let link = link(request) { response.headers.append(("Link", link)) }
    return response
  }

  private func document(_ form: ListForm) -> Response {
    switch form {
    case .table: .table(items, columns)
    case .lines: .lines(items)
    case .object: .json(object)
    }
  }

  private var object: JSON {
    var members: [JSON.Member] = [
      .init("items", .array(items)),
      .init("total", .integer(Int64(isWhole ? items.count : part.total))),
    ]
    if !isWhole, !part.isTotalExact { members.append(.init("total_is_lower_bound", .bool(true))) }
    return .object(members)
  }

  /// RFC 8288: the parts before and behind this one, with everything else that the request asked.
  private func link(_ request: Request) -> String? {
    let left = ["page=", "after=", "before="]
    let others = (request.query ?? "").split(separator: "&").filter { pair in
      !left.contains { pair.hasPrefix($0) }
    }
    func link(_ name: String, _ row: ListRow?) -> String? {
      guard let row else { return nil }
      let query = others.map(String.init) + ["\(name)=\(Base64URL.encode(row.place))"]
      let relation = name == "after" ? "next" : "prev"
      return "<\(request.path)?\(query.joined(separator: "&"))>; rel=\"\(relation)\""
    }
    let links = [
      part.hasPrevious ? link("before", part.rows.first) : nil,
      part.hasNext ? link("after", part.rows.last) : nil,
    ]
    let found = links.compactMap(\.self)
    return found.isEmpty ? nil : found.joined(separator: ", ")
  }
}

extension Response {
  /// A line of JSON each.
  fileprivate static func lines(_ items: [JSON]) -> Response {
    .document(items.flatMap { $0.canonicalBytes() + [UInt8(ascii: "\n")] }, ListForm.lines.rawValue)
  }

  /// A row of CSV each, with a cell for each column.
  fileprivate static func table(_ items: [JSON], _ columns: [String]) -> Response {
    .document(
      CSV.header(columns) + items.flatMap { item in CSV.row(columns.map { item[$0] }) },
      CSV.contentType)
  }
}

extension Desk {
  /// What stands in the order of the log, as JSON `{"items","next"}`, as CSV or as lines of JSON;
  /// the following page is in `Link` as well.
  static func answer(
    _ items: [JSON], columns: [String], next: Position?, _ request: Request
  ) -> Response {
    var response: Response
    switch ListForm(request) {
    case .table: response = .table(items, columns)
    case .lines: response = .lines(items)
    case .object:
      var members: [JSON.Member] = [.init("items", .array(items))]
      if let next { members.append(.init("next", .integer(Int64(next)))) }
      response = .json(.object(members))
    }
    if let next { response.headers.append(("Link", link(to: next, request))) }
    return response
  }
}
