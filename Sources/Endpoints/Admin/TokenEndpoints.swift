import CanonicalJSON
import HTTPServer
import Ledger
import Projections

/// `/admin/tokens`
extension Desk {
  /// The tokens of one client in the order of the log: `{"items","next"}`, where `next` is the
  /// `after` of the following page.
  func listTokens(_ request: Request, _ caller: Administrator) throws -> Response {
    let query = try query(request, ["client", "after", "limit"])
    guard let client = query["client"].flatMap({ Identifier($0, .client) }) else {
      throw Problem.parameter("client", "must be an identifier that begins with cli_")
    }
    let after = try query["after"].map { try number("after", $0, 0...(1 << 53)) }
    let limit = try query["limit"].map { try number("limit", $0, 1...1_000) } ?? 100
    return try state.read { state in
      let isVisible = try state.client(client).map {
        caller.authority.holds(.readTokens, at: $0.place)
      }
      let positions =
        isVisible == true
        ? try state.tokens(of: client, from: after.map { UInt64($0) + 1 } ?? 0, limit: limit) : []
      var members: [JSON.Member] = [
        .init("items", .array(try positions.compactMap { try representation(at: $0) }))
      ]
      if positions.count == limit, let last = positions.last {
        members.append(.init("next", .integer(Int64(last))))
      }
      return Response.json(.object(members))
    }
  }

  /// What was recorded of a token, and whether it is good now.
  private func representation(at position: Position) throws -> JSON? {
    guard let event = try state.event(at: position), let token = IssuedToken(event) else {
      return nil
    }
    return try Self.representation(token.data).adding([
      .init("active", .bool(try token.isActive(in: state, at: now))),
      .init("client", .string(token.client.text)), .init("id", .string(token.id.text)),
      .init("issued", .string(token.issued.text)),
      .init("position", .integer(Int64(token.position))),
    ])
  }
}
