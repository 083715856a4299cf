import CanonicalJSON
import Cryptography
import HTTPServer
import Ledger
import Projections
import Sequencer

/// `POST /admin/revocations`: ends all that a list names by one command, or nothing. A dry run shows
/// before what that would be, and what it shows is what is carried out.
extension Desk {
  /// In the reading room, where there is time to count what ends.
  func revokeListed(_ request: Request, _ caller: Administrator) throws -> Response {
    let key = try requestDigest(request, caller)
    let body = try jsonBody(request)
    let order = try rejecting { try RevocationOrder(body) }
    func command(shown: [Identifier]?) -> Command {
      Command(
        actor: caller.actor, permissions: caller.permissions, credential: caller.credential,
        request: order.isDryRun ? nil : key, reason: order.list.reason,
        action: .revokeListed(RevokeListed(order.list, shown: shown)))
    }
    let decision = try state.read { try decide(command(shown: nil), $0, now: now) }
    switch decision {
    case .rejected(let rejection): throw rejection.problem
    case .repeated(let position):
      return try answer(order, recordedEvents(at: position), isNew: false)
    case .accepted(let events):
      let shown = RevokeListed.ending(events)
      let confirmation = Self.confirmation(of: body, shown)
      guard !order.isDryRun else { return try dryRun(order, events, confirmation) }
      guard order.confirm == confirmation else { throw Problem.shownOtherwise }
      return try carryOut(order, command(shown: shown))
    }
  }

  private func carryOut(_ order: RevocationOrder, _ command: Command) throws -> Response {
    switch service.sequencer.perform(command) {
    case .rejected(.changedMeanwhile): throw Problem.shownOtherwise
    case .repeated(let position):
      return try answer(order, recordedEvents(at: position), isNew: false)
    case let outcome: return try answer(order, try outcome.accepted(), isNew: true)
    }
  }

  /// Stands for the list, why it ends, and the secrets and clients that end by it. Not for tokens,
  /// which end by themselves while somebody reads what a dry run shows, nor for what new ones a
  /// client gets meanwhile: else whoever gets them could keep a revocation from being carried out.
  private static func confirmation(of body: JSON, _ ending: [Identifier]) -> String {
    let list = (body.members ?? []).filter { !["confirm", "dry_run"].contains($0.name) }
    let shown = JSON.object([
      .init("ends", .array(ending.map { .string($0.text) })), .init("list", .object(list)),
    ])
    return Base64URL.encode(SHA256.hash(shown.canonicalBytes()).bytes)
  }

  private func dryRun(
    _ order: RevocationOrder, _ events: [NewEvent], _ confirmation: String
  ) throws -> Response {
    let head = try state.read { try $0.head() }
    let before = try Census(of: order.list, before: head, at: now, in: state)
    return Response.json(
      order.representation(ended: Set(events.map(\.subject)), before, before.whenEnded)
        .adding([.init("confirm", .string(confirmation))]))
  }

  /// With what the state says of the moment before the command and of the one after it.
  private func answer(
    _ order: RevocationOrder, _ events: [Event], isNew: Bool
  ) throws -> Response {
    let head = try state.read { try $0.head() }
    let time = events.first?.recorded ?? now
    let before = try Census(
      of: order.list, before: events.first?.position ?? head, at: time, in: state)
    let after = try Census(
      of: order.list, before: events.last.map { $0.position + 1 } ?? head, at: time, in: state)
    var response = Response.json(
      order.representation(ended: Set(events.map(\.subject)), before, after))
    if let last = events.last {
      response.headers.append(("Ledger-Position", String(last.position)))
    }
    if !isNew { response.headers.append(("Idempotency-Replayed", "true")) }
    return response
  }
}

/// A list, and whether it is to be carried out.
private struct RevocationOrder {
  let list: RevocationList
  let isDryRun: Bool
  /// What a dry run gave.
  let confirm: String?

  init(_ body: JSON) throws(Rejection) {
    var reader = try FieldReader(body)
    list = RevocationList(from: &reader)
    isDryRun = reader.flag("dry_run", default: false)
    confirm = reader.optionalText("confirm", "must be what a dry run gave") { $0.utf8.count == 43 }
    if isDryRun, confirm != nil { reader.report("confirm", "does not go with a dry run") }
    if !isDryRun, !reader.has("confirm") {
      reader.report("confirm", "is required: a dry run of the same list gives it")
    }
    try reader.finish()
  }

  /// - Parameter ended: what ends by the order; all else had ended before.
  func representation(ended: Set<Identifier>, _ before: Census, _ after: Census) -> JSON {
    func thing(_ id: Identifier, _ members: [JSON.Member] = []) -> JSON {
      let outcome = ended.contains(id) ? "revoked" : "ended_before"
      return .object(
        [.init("id", .string(id.text)), .init("outcome", .string(outcome))] + members)
    }
    return .object([
      .init("after", after.representation), .init("before", before.representation),
      .init("clients", .array(list.clients.map { thing($0) })),
      .init("dry_run", .bool(isDryRun)), .init("secrets", .array(list.secrets.map { thing($0) })),
      .init(
        "tokens",
        .array(
          list.tokens.map { thing($0.id, [.init("position", .integer(Int64($0.position)))]) })),
    ])
  }
}

extension Problem {
  fileprivate static let shownOtherwise = Problem(
    status: 412, title: "This is not what the dry run showed",
    detail:
      "The list is another, or what would end by it is not the same any more: do a dry run again.")
}
