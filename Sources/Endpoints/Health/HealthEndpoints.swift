import CanonicalJSON
import HTTPServer

/// Whether the process lives, and whether it can do its work.
extension Desk {
  /// `GET /healthz`: 200 while the loop runs.
  func health() -> Response { Response.json(.object([.init("status", .string("alive"))])) }

  /// `GET /readyz`: 200 when events can be written; otherwise 503 and why not.
  func readiness() -> Response {
    guard let (status, reason) = service.readiness.obstacle else {
      return Response.json(.object([.init("status", .string("ready"))]))
    }
    return Response.json(
      .object([.init("status", .string(status)), .init("reason", .string(reason))]), status: 503)
  }
}
