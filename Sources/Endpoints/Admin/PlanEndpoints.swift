import CanonicalJSON
import HTTPServer
import Ledger
import Projections

/// `/admin/plans`
extension Desk {
  func definePlan(_ request: Request, _ exchange: Exchange) throws {
    let caller = try administrator(request, .writeBilling)
    let action = try rejecting {
      try DefinePlan(id: identifiers.next(.plan), fields: try jsonBody(request))
    }
    try create(.definePlan(action), request, caller, exchange) { events, _ in
      guard let event = events.first, case .planDefined(let data) = event.body else {
        throw Problem.notFound("plan")
      }
      return try Self.representation(Plan(data, event))
    }
  }

  func listPlans(_ request: Request) throws -> Response {
    return try list(try state.read { try $0.plans() }, request) { try JSON.parse($0) }
  }

  func showPlan(_ id: String, _ request: Request) throws -> Response {
    _ = try administrator(request, .readBilling)
    return try show(id, .plan, "plan", request) { try $0.plan($1) }
  }
}
