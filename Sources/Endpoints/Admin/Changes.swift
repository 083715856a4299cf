import CanonicalJSON
import Cryptography
import HTTPServer
import Ledger
import Sequencer

/// What the changing endpoints have in common.
extension Desk {
  /// The JSON body of a request; an empty one stands for an empty object.
  func jsonBody(_ request: Request) throws(Problem) -> JSON {
    if request.body.isEmpty { return .object([]) }
    guard request.hasMediaType("application/json") else {
      throw Problem(
        status: 415, title: "The body must be JSON",
        detail: "Content-Type must be application/json.")
    }
    do {
      return try JSON.parse(request.body)
    } catch {
      throw .badRequest("The body is not JSON that can be taken: \(error).")
    }
  }

  /// Which request this is, if it has an `Idempotency-Key`: of one caller, at one path.
  func requestDigest(
    _ request: Request, _ caller: Administrator
  ) throws(Problem) -> RequestDigest? {
    let keys = request.headers(named: "idempotency-key")
    guard let key = keys.first else { return nil }
    guard keys.count == 1, (1...255).contains(key.utf8.count) else {
      throw .badRequest("Idempotency-Key must be there once, with 1 to 255 characters.")
    }
    let parts = [caller.id.text, request.method, request.path, key]
    return RequestDigest(
      key: Self.digest(Array(parts.joined(separator: "\u{0}").utf8)),
      body: Self.digest(request.body))
  }

  private static func digest(_ bytes: [UInt8]) -> String {
    Base64URL.encode(SHA256.hash(bytes).bytes)
  }

  /// Gives a command that creates something to the writer; answers 201 with its representation, or
  /// the same again, marked, when the request was carried out before.
  ///
  /// - Parameter represent: from the events and whether they are new.
  func create(
    _ action: Command.Action, _ request: Request, _ caller: Administrator, _ exchange: Exchange,
    _ represent: @escaping (_ events: [Event], _ isNew: Bool) throws -> JSON
  ) throws {
    let command = Command(
      actor: caller.actor, permissions: caller.permissions, credential: caller.credential,
      request: try requestDigest(request, caller), action: action)
    submit(command, exchange) { [self] outcome in
      if case .repeated(let position) = outcome {
        let events = try recordedEvents(at: position)
        return try Self.created(represent(events, false), events, isNew: false)
      }
      let events = try outcome.accepted()
      return try Self.created(represent(events, true), events, isNew: true)
    }
  }

  private static func created(_ body: JSON, _ events: [Event], isNew: Bool) -> Response {
    var response = Response.json(body, status: 201)
    if let first = events.first, let last = events.last {
      response.headers.append(("Ledger-Position", String(last.position)))
      if let path = path(of: first.subject) { response.headers.append(("Location", path)) }
    }
    if !isNew { response.headers.append(("Idempotency-Replayed", "true")) }
    return response
  }

  /// Where a thing can be read; nil for kinds that have no path of their own.
  private static func path(of id: Identifier) -> String? {
    switch id.kind {
    case .account: "/admin/accounts/\(id.text)"
    case .plan: "/admin/plans/\(id.text)"
    case .project: "/admin/projects/\(id.text)"
    case .client: "/admin/clients/\(id.text)"
    case .charge, .key, .ledger, .secret, .token: nil
    }
  }

  /// The events of the command whose first event stands at a position.
  private func recordedEvents(at position: Position) throws -> [Event] {
    guard let first = try state.event(at: position) else { return [] }
    let count = UInt64(first.part?.count ?? 1)
    return try [first]
      + (position + 1..<position + count).compactMap { try state.event(at: $0) }
  }

  /// The stored form of a record, as it is shown.
  static func representation(_ record: some CanonicalObject) throws -> JSON {
    try JSON.parse(record.canonicalBytes())
  }
}

extension JSON {
  /// An object's members with more behind them.
  func adding(_ members: [Member]) -> JSON { .object((self.members ?? []) + members) }
}
