import HTTPServer
import Ledger

/// A read that a loop's other connections should not wait for: answered in a reading room, for a
/// caller that is checked before.
struct LongReading {
  let permission: Permission
  /// Where the permission must be held; anywhere when nil.
  let place: Place?
  /// Goes through everything, and so keeps no other reading waiting.
  let isReport: Bool
  /// Runs with the room's desk.
  let answer: @Sendable (Desk, Administrator) throws -> Response

  init(
    _ permission: Permission, at place: Place? = nil, isReport: Bool = false,
    _ answer: @escaping @Sendable (Desk, Administrator) throws -> Response
  ) {
    self.permission = permission
    self.place = place
    self.isReport = isReport
    self.answer = answer
  }
}

extension Request {
  /// Whether it asks for a whole list.
  fileprivate var asksForAll: Bool {
    (query ?? "").split(separator: "&").contains("per_page=all")
  }
}

extension Desk {
  /// Checks the caller at once, and answers when a reading room comes to it: whole lists are made
  /// beside the reports.
  func inBackground(
    _ reading: LongReading, _ request: Request, _ exchange: Exchange
  ) throws {
    let caller = try administrator(request, reading.permission, at: reading.place)
    let room = reading.isReport || request.asksForAll ? service.reportRoom : service.readingRoom
    try room.submit(exchange, of: caller.id, service) { try reading.answer($0, caller) }
  }

  /// Nil for a path that is read at once.
  func longReading(_ route: Route, _ ids: [String], _ request: Request) -> LongReading? {
    switch route {
    case .plans: LongReading(.readBilling, at: .everything) { try $0.listPlans(request, $1) }
    case .accounts: LongReading(.readAccounts) { try $0.listAccounts(request, $1) }
    case .projects: LongReading(.readProjects) { try $0.listProjects(request, $1) }
    case .clientsOfProject:
      LongReading(.readClients) { try $0.listClients(ofProject: ids[0], request, $1) }
    case .clients: LongReading(.readClients) { try $0.listClients(request, $1) }
    case .client: LongReading(.readClients) { try $0.showClient(ids[0], request, $1) }
    case .secrets: LongReading(.readClients) { try $0.listSecrets(ofClient: ids[0], request, $1) }
    case .allSecrets: LongReading(.readClients) { try $0.listSecrets(request, $1) }
    case .roles: LongReading(.readClients) { desk, _ in try desk.listRoles(request) }
    case .grants: LongReading(.readClients) { try $0.listGrants(ofClient: ids[0], request, $1) }
    case .charges: LongReading(.readBilling) { try $0.listCharges(request, $1) }
    case .tokens: LongReading(.readTokens) { try $0.listTokens(request, $1) }
    case .listedToken: LongReading(.readTokens) { try $0.showToken(ids[0], request, $1) }
    case .accountHistory:
      LongReading(.readAudit) { try $0.history(ofAccount: ids[0], request, $1) }
    case .projectHistory:
      LongReading(.readAudit) { try $0.history(ofProject: ids[0], request, $1) }
    case .clientHistory: LongReading(.readAudit) { try $0.history(ofClient: ids[0], request, $1) }
    case .alerts: LongReading(.readAudit) { try $0.listAlerts(request, $1) }
    case .entries:
      LongReading(.readAudit, at: .everything) { desk, _ in try desk.entries(ids[0], request) }
    case .report:
      LongReading(.readAudit, at: .everything, isReport: true) { desk, _ in
        try desk.report(ids[0], request)
      }
    default: nil
    }
  }
}
