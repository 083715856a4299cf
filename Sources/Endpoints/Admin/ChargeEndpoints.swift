import CanonicalJSON
import HTTPServer
import Ledger
import Projections

/// `/admin/charges`
extension Desk {
  /// In the order of the log; `account` and, with it, `period` (`2026-11`) narrow the list.
  func listCharges(_ request: Request) throws -> Response {
    let query = try query(request, ["account", "period", "page", "per_page"])
    let account = try query["account"].map { text throws(Problem) -> Identifier in
      guard let id = Identifier(text, .account) else {
        throw .parameter("account", "must be an identifier that begins with acc_")
      }
      return id
    }
    if query["period"] != nil, account == nil {
      throw Problem.parameter("period", "needs account beside it")
    }
    if let period = query["period"], period.wholeMatch(of: /[0-9]{4}-[0-9]{2}/) == nil {
      throw Problem.parameter("period", "must be a month such as 2026-11")
    }
    let positions = try state.read {
      try $0.charges(of: account, period: query["period"])
    }
    return try list(positions, request, filters: ["account", "period"]) { position in
      guard let event = try state.event(at: position), case .billingCharged(let charge) = event.body
      else { throw Problem.notFound("charge") }
      return try Self.representation(charge, event)
    }
  }

  func showCharge(_ text: String, _ request: Request) throws -> Response {
    _ = try administrator(request, .readBilling)
    _ = try query(request, [])
    let id = try identifier(text, .charge, "charge")
    let position = try state.read { try $0.firstEvent(of: id) }
    guard let position, let event = try state.event(at: position),
      case .billingCharged(let charge) = event.body
    else { throw Problem.notFound("charge") }
    return Response.json(try Self.representation(charge, event))
  }

  /// The data of the event, and where it stands.
  static func representation(_ charge: BillingCharged, _ event: Event) throws -> JSON {
    try representation(charge).adding([
      .init("id", .string(event.subject.text)), .init("position", .integer(Int64(event.position))),
      .init("recorded", .string(event.recorded.text)),
    ])
  }
}
