import CanonicalJSON
import HTTPServer
import Ledger
import Projections

/// `/admin/charges`
extension Desk {
  func listCharges(_ request: Request, _ caller: Administrator) throws -> Response {
    try list(
      .charges, request, in: caller.places(for: .readBilling),
      facts: ["exponent", "unit", "position"]
    ) { row, _, _ in
      try JSON.parse(row.record)
    }
  }

  func showCharge(_ id: String, _ request: Request) throws -> Response {
    let caller = try administrator(request, .readBilling)
    return try show(id, .charge, "charge", request, .readBilling, for: caller) { try $0.charge($1) }
  }

  /// The data of the event, and where it stands.
  static func representation(_ charge: BillingCharged, _ event: Event) throws -> JSON {
    try representation(charge).adding([
      .init("id", .string(event.subject.text)), .init("position", .integer(Int64(event.position))),
      .init("recorded", .string(event.recorded.text)),
    ])
  }
}
