import CanonicalJSON
import HTTPServer
import Ledger
import Narrative
import Projections

/// `/admin/tokens`
extension Desk {
  /// Tokens in the order of the log, or against it: `{"items","next"}`, where `next` is the `after`
  /// of the following page. In the reading room.
  func listTokens(_ request: Request, _ caller: Administrator) throws -> Response {
    let query = try query(request, TokenFilter.parameters + ["after", "as_of", "limit", "sort"])
    let filter = try TokenFilter(query)
    let limit = try query["limit"].map { try number("limit", $0, 1...1_000) } ?? 100
    let range = try tokenRange(query)
    let isBackwards = try Self.isBackwards(query["sort"])
    let page = try state.read { state in
      var search = TokenSearch(
        state, filter, places: try caller.places(for: .readTokens), now: now, range: range,
        isBackwards: isBackwards, limit: limit)
      try search.run()
      return (
        items: try search.found.map { try $0.token.shown(from: $0.address, in: state, at: now) },
        search.next
      )
    }
    return Self.answer(page.items, columns: Self.tokenColumns, next: page.1, request)
  }

  /// The positions that a query leaves: a token is issued there, or something else stands there.
  private func tokenRange(_ query: FormParameters) throws -> Range<Position> {
    let end = try moment(query["as_of"]).position + 1
    var range = try state.read {
      try Self.positions(
        from: query["issued.from"], to: query["issued.to"], "issued.", below: end, $0)
    }
    guard let after = try query["after"].map({ try number("after", $0, 0...(1 << 53)) }) else {
      return range
    }
    let place = Position(after)
    range =
      try Self.isBackwards(query["sort"])
      ? range.clamped(to: 0..<place) : range.clamped(to: min(place + 1, end)..<end)
    return range
  }

  private static func isBackwards(_ sort: String?) throws(Problem) -> Bool {
    switch sort {
    case nil, "issued": return false
    case "-issued": return true
    default: throw .parameter("sort", "must be issued or -issued")
    }
  }

  /// The positions of what was recorded at one time or later, and before another.
  static func positions(
    from: String?, to: String?, _ prefix: String = "", below end: Position, _ state: StateSnapshot
  ) throws -> Range<Position> {
    func first(_ text: String?, _ suffix: String) throws -> Position? {
      guard let text else { return nil }
      guard let time = Timestamp(internet: text) else {
        throw Problem.parameter(prefix + suffix, "must be a time such as 2026-11-21T05:16:00Z")
      }
      let before = Timestamp(microseconds: time.microseconds - 1)
      return try state.events.lastPosition(at: before, below: end).map { $0 + 1 } ?? 0
    }
    let lower = try first(from, "from") ?? 0
    let upper = try first(to, "to") ?? end
    return lower..<max(lower, upper)
  }

  /// `GET /admin/tokens/{id}`: what was recorded of a token, and why it is not good, if it is not.
  /// In the reading room.
  func showToken(
    _ text: String, _ request: Request, _ caller: Administrator
  ) throws -> Response {
    _ = try query(request, [])
    let id = try identifier(text, .token, "token")
    return try state.read { state in
      guard let found = try Self.find(id, state),
        let client = try state.client(found.token.client)
      else {
        throw Problem.notFound("token")
      }
      try caller.require(.readTokens, at: client.place, hiding: "token")
      return Response.json(try found.token.shown(from: found.address, in: state, at: now))
    }
  }

  /// The token, looked for where it is to be expected.
  private static func find(_ id: Identifier, _ state: StateSnapshot) throws -> FoundToken? {
    let places = try state.events.likelyPlaces(ofToken: id, head: state.head())
    return try state.events.tokenEvent(id, in: places).flatMap(FoundToken.init)
  }

  private static let tokenColumns = [
    "id", "client", "issued", "position", "active", "inactive_because", "exp", "aud", "scope",
    "mode", "domain", "secret", "key", "address", "network",
  ]
}
