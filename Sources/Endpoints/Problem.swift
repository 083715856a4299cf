import CanonicalJSON
import HTTPServer
import Ledger

/// An administration endpoint's refusal: `application/problem+json` (RFC 9457).
struct Problem: Error {
  let status: Int
  let title: String
  var detail: String?
  var errors: [FieldProblem] = []
  /// The things that stand in the way.
  var conflicts: [Identifier] = []
  var headers: [(name: String, value: String)] = []

  var response: Response {
    var members: [JSON.Member] = [
      .init("status", .integer(Int64(status))), .init("title", .string(title)),
    ]
    if let detail { members.append(.init("detail", .string(detail))) }
    if !errors.isEmpty {
      members.append(.init("errors", .array(errors.map(Self.representation))))
    }
    if !conflicts.isEmpty {
      members.append(.init("conflicts", .array(conflicts.map { .string($0.text) })))
    }
    return Response(
      status: status,
      headers: [
        ("Content-Type", "application/problem+json"), ("Cache-Control", "no-store"),
      ] + headers, body: .bytes(JSON.object(members).canonicalBytes()))
  }

  private static func representation(_ problem: FieldProblem) -> JSON {
    .object([
      .init("field", .string(problem.field)), .init("message", .string(problem.message)),
    ])
  }

  static let noSuchPath = Problem(status: 404, title: "There is nothing at this path")

  static func notFound(_ thing: String) -> Problem {
    Problem(status: 404, title: "There is no such \(thing)")
  }

  static func methodNotAllowed(_ allowed: String) -> Problem {
    Problem(
      status: 405, title: "This path does not take that method",
      detail: "It takes \(allowed).", headers: [("Allow", allowed)])
  }

  /// RFC 6750 §3: no token was given.
  static let unauthenticated = Problem(
    status: 401, title: "An access token is needed",
    headers: [("WWW-Authenticate", "Bearer realm=\"tallystick\"")])

  /// RFC 6750 §3.1.
  static let invalidToken = Problem(
    status: 401, title: "The access token is not good",
    detail: "It is malformed, expired, revoked or meant for somebody else.",
    headers: [("WWW-Authenticate", "Bearer realm=\"tallystick\", error=\"invalid_token\"")])

  /// RFC 6750 §3.1.
  static func missing(
    _ permissions: Set<Permission>, for things: [FieldProblem] = []
  ) -> Problem {
    let names = permissions.ordered.map(\.rawValue)
    let challenge = "Bearer realm=\"tallystick\", error=\"insufficient_scope\", scope="
    return Problem(
      status: 403, title: "A permission is missing",
      detail:
        "It takes \(names.joined(separator: ", ")), in the scope of the access token and by a role "
        + "here.",
      errors: things,
      headers: [("WWW-Authenticate", challenge + "\"\(names.joined(separator: " "))\"")])
  }

  static func badRequest(_ detail: String) -> Problem {
    Problem(status: 400, title: "The request cannot be read", detail: detail)
  }

  static func parameter(_ name: String, _ message: String) -> Problem {
    Problem(
      status: 400, title: "A query parameter cannot be taken",
      errors: [FieldProblem(name, message)])
  }

  /// RFC 6585 §3.
  static let preconditionRequired = Problem(
    status: 428, title: "If-Match is needed",
    detail: "Send the ETag of the thing as you last read it, so that no other change is lost.")

  /// What went wrong is for the operator's log, not for the caller.
  static let internalError = Problem(status: 500, title: "The server failed")
}
