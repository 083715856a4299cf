import CanonicalJSON
import HTTPServer
import Ledger
import Projections

/// `/admin/plans`
extension Desk {
  func definePlan(_ request: Request, _ exchange: Exchange) throws {
    let caller = try administrator(request, .writeBilling, at: .everything)
    let action = try rejecting {
      try DefinePlan(id: identifiers.next(.plan), fields: try jsonBody(request))
    }
    try create(.definePlan(action), reason: action.reason, request, caller, exchange) {
      events, _ in
      guard let event = events.first, case .planDefined(let data) = event.body else {
        throw Problem.notFound("plan")
      }
      return try Self.representation(Plan(data, event))
    }
  }

  func listPlans(_ request: Request, _ caller: Administrator) throws -> Response {
    try list(.plans, request, in: caller.places(for: .readBilling), facts: ["rates"]) { row, _, _ in
      try JSON.parse(row.record)
    }
  }

  func showPlan(_ id: String, _ request: Request) throws -> Response {
    let caller = try administrator(request, .readBilling, at: .everything)
    return try show(id, .plan, "plan", request, .readBilling, for: caller) { try $0.plan($1) }
  }

  func revisePlan(_ text: String, _ request: Request, _ exchange: Exchange) throws {
    let caller = try administrator(request, .writeBilling, at: .everything)
    let id = try identifier(text, .plan, "plan")
    guard try state.read({ try $0.plan(id) }) != nil else { throw Problem.notFound("plan") }
    let precondition = try precondition(request, for: id)
    let action = try rejecting { try RevisePlan(id, fields: try jsonBody(request)) }
    try change(
      .revisePlan(action), reason: action.reason, precondition: precondition, request, caller,
      exchange
    ) { state in
      guard let plan = try state.plan(id) else { throw Problem.notFound("plan") }
      return try Self.answer(try Self.representation(plan), id, state)
    }
  }
}
