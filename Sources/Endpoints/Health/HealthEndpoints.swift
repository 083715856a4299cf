import CanonicalJSON
import HTTPServer
import Sequencer

/// Whether the process lives, and whether it can do its work.
extension Desk {
  /// `GET /healthz`: 200 while the loop runs.
  func health() -> Response { Self.status(200, "alive", nil) }

  /// `GET /readyz`: 200 when events can be written; otherwise 503 and why not.
  func readiness() -> Response {
    if service.sequencer.hasFailed {
      return Self.status(503, "failed", "the log could not be written; the server is ending")
    }
    if let reason = service.sequencer.unavailability {
      return Self.status(503, "not ready", reason.text)
    }
    return Self.status(200, "ready", nil)
  }

  private static func status(_ code: Int, _ status: String, _ reason: String?) -> Response {
    var members: [JSON.Member] = [.init("status", .string(status))]
    if let reason { members.append(.init("reason", .string(reason))) }
    return Response.json(.object(members), status: code)
  }
}
