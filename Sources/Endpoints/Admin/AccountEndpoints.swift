import CanonicalJSON
import HTTPServer
import Ledger
import Projections

/// `/admin/accounts`
extension Desk {
  func openAccount(_ request: Request, _ exchange: Exchange) throws {
    let caller = try administrator(request, .writeAccounts)
    let action = try rejecting {
      try OpenAccount(id: identifiers.next(.account), fields: try jsonBody(request))
    }
    try create(.openAccount(action), request, caller, exchange) { events, _ in
      guard let account = Account(events) else { throw Problem.notFound("account") }
      return try Self.representation(account)
    }
  }

  func listAccounts(_ request: Request) throws -> Response {
    return try list(try state.read { try $0.accounts() }, request) { try JSON.parse($0) }
  }

  func showAccount(_ id: String, _ request: Request) throws -> Response {
    _ = try administrator(request, .readAccounts)
    return try show(id, .account, "account", request) { try $0.account($1) }
  }
}
