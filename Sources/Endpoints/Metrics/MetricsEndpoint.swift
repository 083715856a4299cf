import HTTPServer
import Journal
import Ledger
import Metrics
import Projections

/// `GET /metrics`
extension Desk {
  /// Open to whoever is on this machine; others need the permission `audit:read` for everything.
  func metrics(_ request: Request) throws -> Response {
    if !request.isMadeHere { _ = try administrator(request, .readAudit, at: .everything) }
    var exposition = Exposition()
    exposition.addProgram(service.readiness)
    exposition.add(service.traffic)
    exposition.add(service.gatekeeper, service.observations)
    exposition.add(service.sequencer, head: service.journal.head)
    exposition.add(service.notary)
    exposition.addStores([
      ("journal", try service.journal.usage()), ("state", try service.state.usage()),
    ])
    exposition.add(ProcessStatus())
    return Response(
      status: 200,
      headers: [("Content-Type", Exposition.mediaType), ("Cache-Control", "no-store")],
      body: .bytes(Array(exposition.text.utf8)))
  }
}

extension Request {
  /// Whether it was made on this machine, and not by a proxy for somebody else.
  fileprivate var isMadeHere: Bool {
    isLocal && headers(named: "x-forwarded-for").isEmpty && headers(named: "forwarded").isEmpty
  }
}
