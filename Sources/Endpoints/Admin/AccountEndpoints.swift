import CanonicalJSON
import HTTPServer
import Ledger
import Projections

/// `/admin/accounts`
extension Desk {
  func openAccount(_ request: Request, _ exchange: Exchange) throws {
    let caller = try administrator(request, .writeAccounts, at: .everything)
    let action = try rejecting {
      try OpenAccount(id: identifiers.next(.account), fields: try jsonBody(request))
    }
    try create(.openAccount(action), reason: action.reason, request, caller, exchange) {
      events, _ in
      guard let account = Account(events) else { throw Problem.notFound("account") }
      return try Self.representation(account)
    }
  }

  func listAccounts(_ request: Request, _ caller: Administrator) throws -> Response {
    try list(.accounts, request, in: caller.places(for: .readAccounts)) { row, _, _ in
      try JSON.parse(row.record)
    }
  }

  func showAccount(_ id: String, _ request: Request) throws -> Response {
    let caller = try administrator(request, .readAccounts)
    return try show(id, .account, "account", request, .readAccounts, for: caller) {
      try $0.account($1)
    }
  }

  func editAccount(_ text: String, _ request: Request, _ exchange: Exchange) throws {
    let caller = try administrator(request, .writeAccounts)
    let id = try account(text, changedBy: caller)
    let precondition = try precondition(request, for: id)
    let action = try rejecting { try EditAccount(id, fields: try jsonBody(request)) }
    try change(
      .editAccount(action), reason: action.reason, precondition: precondition, request, caller,
      exchange
    ) { try Self.show(account: id, $0) }
  }

  func suspendAccount(_ text: String, _ request: Request, _ exchange: Exchange) throws {
    let caller = try administrator(request, .writeAccounts)
    let id = try account(text, changedBy: caller)
    let action = try rejecting { try SuspendAccount(id, fields: try jsonBody(request)) }
    try change(.suspendAccount(action), reason: action.reason, request, caller, exchange) {
      try Self.show(account: id, $0)
    }
  }

  func resumeAccount(_ text: String, _ request: Request, _ exchange: Exchange) throws {
    let caller = try administrator(request, .writeAccounts)
    let id = try account(text, changedBy: caller)
    let action = try rejecting { try ResumeAccount(id, fields: try jsonBody(request)) }
    try change(.resumeAccount(action), reason: action.reason, request, caller, exchange) {
      try Self.show(account: id, $0)
    }
  }

  func closeAccount(_ text: String, _ request: Request, _ exchange: Exchange) throws {
    let caller = try administrator(request, .writeAccounts)
    let id = try account(text, changedBy: caller)
    try change(
      .closeAccount(CloseAccount(id)), reason: try reason(request),
      precondition: try precondition(request, for: id), request, caller, exchange
    ) { try Self.show(account: id, $0) }
  }

  /// An account that is there and that the caller may change.
  private func account(_ text: String, changedBy caller: Administrator) throws -> Identifier {
    let id = try identifier(text, .account, "account")
    return try state.read { state in
      try caller.visible(try state.account(id), "account", .writeAccounts).id
    }
  }

  /// A closed one too: what became of it is the answer to its end.
  private static func show(account id: Identifier, _ state: StateSnapshot) throws -> Response {
    guard let account = try state.recordedAccount(id) else { throw Problem.notFound("account") }
    return try answer(try representation(account), id, state)
  }
}
