import CanonicalJSON
import HTTPServer
import Ledger
import Narrative
import Projections

/// `/admin/clients/{id}/history`, and those of projects and accounts: what happened to a thing, in
/// words, in the order of the log. Of things that were deleted too.
extension Desk {
  func history(
    ofClient id: String, _ request: Request, _ caller: Administrator
  ) throws -> Response {
    try history(id, .client, "client", request, caller) { try $0.client($1)?.place }
  }

  func history(
    ofProject id: String, _ request: Request, _ caller: Administrator
  ) throws -> Response {
    try history(id, .project, "project", request, caller) { try $0.recordedProject($1)?.place }
  }

  func history(
    ofAccount id: String, _ request: Request, _ caller: Administrator
  ) throws -> Response {
    try history(id, .account, "account", request, caller) { try $0.recordedAccount($1)?.place }
  }

  private func history(
    _ text: String, _ kind: Identifier.Kind, _ name: String, _ request: Request,
    _ caller: Administrator, _ place: (StateSnapshot, Identifier) throws -> Place?
  ) throws -> Response {
    let id = try identifier(text, kind, name)
    let query = try query(request, ["after", "as_of", "limit"])
    let after = try query["after"].map { try number("after", $0, 0...(1 << 53)) }
    let limit = try query["limit"].map { try number("limit", $0, 1...1_000) } ?? 100
    let end = try moment(query["as_of"]).position
    let positions = try state.read { state in
      guard let place = try place(state, id) else { throw Problem.notFound(name) }
      try caller.require(.readAudit, at: place, hiding: name)
      let start = after.map { Position($0) + 1 } ?? 0
      let found = try state.history(of: id, from: start, through: end, limit: limit)
      if found.isEmpty, after == nil { throw Problem.notFound(name) }
      return found
    }
    let next = positions.count == limit ? positions.last : nil
    let items = try positions.compactMap { try item(at: $0, for: caller.authority) }
    return answer(items, next: next, request)
  }

  /// With the names of that moment; nil for a role at a place where the caller may not read of it.
  private func item(at position: Position, for reader: Authority) throws -> HistoryItem? {
    try state.read(asOf: position) { state in
      guard let event = try state.event(at: position) else { return nil }
      let place = try Self.place(ofGrantIn: event, state)
      guard place.map({ reader.holds(.readAudit, at: $0) }) ?? true else { return nil }
      return try HistoryItem(event, Names(state: state, reader: reader))
    }
  }

  /// Where the role is held that an event gives or takes; nil for other events.
  private static func place(ofGrantIn event: Event, _ state: StateSnapshot) throws -> Place? {
    switch event.body {
    case .roleGranted(let data):
      if let project = data.project { return try state.recordedProject(project)?.place }
      return data.account.map(Place.account) ?? .everything
    case .roleWithdrawn:
      let granting = try event.cause.flatMap { try state.event(at: $0) }
      return try granting.flatMap { try place(ofGrantIn: $0, state) } ?? .everything
    default: return nil
    }
  }

  /// As JSON `{"items","next"}`, as CSV, or as text of one line an item; the following page is in
  /// `Link` as well.
  private func answer(_ items: [HistoryItem], next: Position?, _ request: Request) -> Response {
    let types = ["application/json", CSV.mediaType, "text/plain"]
    var response: Response
    switch request.preferred(among: types) {
    case CSV.mediaType:
      let rows = CSV.header(HistoryItem.columns) + items.flatMap { CSV.row($0.cells) }
      response = .document(rows, CSV.contentType)
    case "text/plain":
      response = .document(items.flatMap { Array($0.line.utf8) }, "text/plain; charset=utf-8")
    default:
      var members: [JSON.Member] = [.init("items", .array(items.map(\.representation)))]
      if let next { members.append(.init("next", .integer(Int64(next)))) }
      response = .json(.object(members))
    }
    if let next { response.headers.append(("Link", Self.link(to: next, request))) }
    return response
  }

  /// RFC 8288: the same question from behind a position on.
  static func link(to next: Position, _ request: Request) -> String {
    let others = (request.query ?? "").split(separator: "&").filter { !$0.hasPrefix("after=") }
    let query = (others.map(String.init) + ["after=\(next)"]).joined(separator: "&")
    return "<\(request.path)?\(query)>; rel=\"next\""
  }
}

extension Response {
  /// A document that nobody may keep.
  static func document(_ bytes: [UInt8], _ contentType: String) -> Response {
    Response(
      status: 200, headers: [("Content-Type", contentType), ("Cache-Control", "no-store")],
      body: .bytes(bytes))
  }
}
