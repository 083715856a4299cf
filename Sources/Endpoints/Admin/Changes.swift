import CanonicalJSON
import Credentials
import Cryptography
import Foundation
import HTTPServer
import Ledger
import Projections
import Sequencer

/// What the changing endpoints have in common.
extension Desk {
  /// The JSON body of a request, of a PATCH a merge patch (RFC 7396); an empty one stands for an
  /// empty object. Such a request has no query.
  func jsonBody(_ request: Request) throws(Problem) -> JSON {
    _ = try query(request, [])
    if request.body.isEmpty { return .object([]) }
    let isPatch = request.method == "PATCH" && request.hasMediaType("application/merge-patch+json")
    guard isPatch || request.hasMediaType("application/json") else {
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
      body: bodyDigest(request.body))
  }

  /// SHA-256; for a body that holds a secret under a key, so that nobody who reads the log can try
  /// guesses. The oldest pepper is the key, as it stays the same when others come.
  private func bodyDigest(_ body: [UInt8]) -> String {
    guard (try? JSON.parse(body))?["client_secret"] != nil else { return Self.digest(body) }
    return Base64URL.encode(peppers[0].digest(ofBody: body).bytes)
  }

  private static func digest(_ bytes: [UInt8]) -> String {
    Base64URL.encode(SHA256.hash(bytes).bytes)
  }

  /// Gives a command that creates something to the writer; answers 201 with its representation, or
  /// the same again, marked, when the request was carried out before.
  ///
  /// - Parameter represent: from the events and whether they are new.
  func create(
    _ action: Command.Action, reason: String? = nil, _ request: Request, _ caller: Administrator,
    _ exchange: Exchange, _ represent: @escaping (_ events: [Event], _ isNew: Bool) throws -> JSON
  ) throws {
    let command = Command(
      actor: caller.actor, permissions: caller.permissions, credential: caller.credential,
      request: try requestDigest(request, caller), reason: reason, action: action)
    submit(command, exchange) { [self] outcome in
      if case .repeated(let position) = outcome {
        let events = try recordedEvents(at: position)
        return try created(represent(events, false), events, isNew: false)
      }
      let events = try outcome.accepted()
      return try created(represent(events, true), events, isNew: true)
    }
  }

  /// Gives a command that changes or ends a thing to the writer; answers 200 with what `represent`
  /// makes of the state as the command left it, the same when the request is repeated later. A
  /// command that had nothing to change answers with the newest state.
  ///
  /// - Parameters:
  ///   - precondition: from `precondition(for:)`, where the endpoint asks for one.
  ///   - represent: called inside a read of the state.
  func change(
    _ action: Command.Action, reason: String? = nil, precondition: Precondition? = nil,
    _ request: Request, _ caller: Administrator, _ exchange: Exchange,
    _ represent: @escaping (StateSnapshot) throws -> Response
  ) throws {
    let isPost = request.method == "POST"
    let command = Command(
      actor: caller.actor, permissions: caller.permissions, credential: caller.credential,
      request: isPost ? try requestDigest(request, caller) : nil, reason: reason,
      precondition: precondition, action: action)
    submit(command, exchange) { [self] outcome in
      if case .repeated(let position) = outcome {
        return try changed(try recordedEvents(at: position), isNew: false, represent)
      }
      return try changed(try outcome.accepted(), isNew: true, represent)
    }
  }

  private func changed(
    _ events: [Event], isNew: Bool, _ represent: (StateSnapshot) throws -> Response
  ) throws -> Response {
    let last = events.last?.position
    var response = try state.read(asOf: last ?? .max) { try represent($0) }
    if let last { response.headers.append(("Ledger-Position", String(last))) }
    if !isNew { response.headers.append(("Idempotency-Replayed", "true")) }
    return response
  }

  /// What `If-Match` says of a thing (RFC 9110 §13.1.1): the `ETag` of its last representation, or
  /// `*`.
  ///
  /// - Throws: 428 without it (RFC 6585 §3), 412 for what cannot be an `ETag` of this server.
  func precondition(_ request: Request, for thing: Identifier) throws(Problem) -> Precondition {
    let fields = request.headers(named: "if-match")
    guard let field = fields.first, fields.count == 1 else { throw .preconditionRequired }
    if field == "*" { return Precondition(thing, version: nil) }
    guard field.count > 2, field.hasPrefix("\""), field.hasSuffix("\""),
      let version = Position(field.dropFirst().dropLast())
    else { throw Rejection.changedMeanwhile.problem }
    return Precondition(thing, version: version)
  }

  /// The parameter `reason` of a DELETE: why, for the log; 1 to 500 characters.
  func reason(_ request: Request) throws -> String? {
    let query = try query(request, ["reason"])
    guard let text = query["reason"] else { return nil }
    return try rejecting {
      var reader = try FieldReader(.object([.init("reason", .string(text))]))
      let reason = reader.reason()
      try reader.finish()
      return reason
    }
  }

  private func created(_ body: JSON, _ events: [Event], isNew: Bool) throws -> Response {
    var response = Response.json(body, status: 201)
    if let first = events.first, let last = events.last {
      response.headers.append(("Ledger-Position", String(last.position)))
      if let path = Self.path(to: first) {
        response.headers.append(("Location", path))
        response.headers += try state.read(asOf: last.position) {
          try Self.entityTag(first.subject, $0)
        }
      }
    }
    if !isNew { response.headers.append(("Idempotency-Replayed", "true")) }
    return response
  }

  /// Where what an event made can be read; nil for kinds that have no path of their own.
  private static func path(to event: Event) -> String? {
    let id = event.subject
    if case .scopeDefined(let data) = event.body {
      let name = data.name.addingPercentEncoding(withAllowedCharacters: .alphanumerics)
      return name.map { "/admin/projects/\(id.text)/scopes/\($0)" }
    }
    if case .domainAdded(let data) = event.body {
      return "/admin/projects/\(id.text)/domains/\(data.rule.domain.text)"
    }
    return switch id.kind {
    case .account: "/admin/accounts/\(id.text)"
    case .plan: "/admin/plans/\(id.text)"
    case .project: "/admin/projects/\(id.text)"
    case .client: "/admin/clients/\(id.text)"
    case .role: "/admin/roles/\(id.text)"
    case .charge, .grant, .key, .ledger, .secret, .token: nil
    }
  }

  /// The events of the command whose first event stands at a position.
  func recordedEvents(at position: Position) throws -> [Event] {
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
