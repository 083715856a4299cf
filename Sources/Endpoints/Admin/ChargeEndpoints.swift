import CanonicalJSON
import HTTPServer
import Ledger
import Projections

/// `/admin/charges`
extension Desk {
  /// In the order of the log; `account` and, with it, `period` (`2026-11`) narrow the list.
  func listCharges(_ request: Request, _ caller: Administrator) throws -> Response {
    let places = try caller.places(for: .readBilling)
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
      try charges(of: account, period: query["period"], in: places, $0)
    }
    return try list(positions, request, filters: ["account", "period"]) { position in
      guard let event = try state.event(at: position), case .billingCharged(let charge) = event.body
      else { throw Problem.notFound("charge") }
      return try Self.representation(charge, event)
    }
  }

  /// Charges stand at their accounts.
  private func charges(
    of account: Identifier?, period: String?, in places: Places, _ state: StateSnapshot
  ) throws -> [Position] {
    if case .some(let accounts, _) = places, account == nil {
      return try accounts.flatMap { try state.charges(of: $0, period: period) }.sorted()
    }
    guard account.map({ places.contains(account: $0) }) ?? true else { return [] }
    return try state.charges(of: account, period: period)
  }

  func showCharge(_ text: String, _ request: Request) throws -> Response {
    let caller = try administrator(request, .readBilling)
    _ = try query(request, [])
    let id = try identifier(text, .charge, "charge")
    let position = try state.read { try $0.firstEvent(of: id) }
    guard let position, let event = try state.event(at: position),
      case .billingCharged(let charge) = event.body
    else { throw Problem.notFound("charge") }
    try caller.require(.readBilling, at: .account(charge.account), hiding: "charge")
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
