import HTTPServer
import Ledger
import Projections

/// `/admin/policy`: what the ledger does about what its rules notice.
extension Desk {
  func showPolicy(_ request: Request) throws -> Response {
    _ = try administrator(request, .readAudit, at: .everything)
    let position = try moment(try query(request, ["as_of"])["as_of"]).position
    return try state.read(asOf: position) { try Self.policy($0) }
  }

  func revisePolicy(_ request: Request, _ exchange: Exchange) throws {
    let caller = try administrator(request, .writeSystem, at: .everything)
    let ledger = try state.read { try $0.ledger() }
    guard let ledger else { throw Problem.notFound("policy") }
    let precondition = try precondition(request, for: ledger.id)
    let action = try rejecting { try RevisePolicy(fields: try jsonBody(request)) }
    try change(
      .revisePolicy(action), reason: action.reason, precondition: precondition, request, caller,
      exchange
    ) { try Self.policy($0) }
  }

  /// Its `ETag` is that of the ledger, of which nothing else is changed.
  private static func policy(_ state: StateSnapshot) throws -> Response {
    guard let ledger = try state.ledger() else { throw Problem.notFound("policy") }
    return try answer(try representation(ledger.policy), ledger.id, state)
  }
}
