import CanonicalJSON
import HTTPServer
import Ledger
import Projections

/// `/admin/alerts`
extension Desk {
  /// Those of clients where the caller may read audit data, the newest first.
  func listAlerts(_ request: Request, _ caller: Administrator) throws -> Response {
    let places = try caller.places(for: .readAudit)
    return try list(.alerts, request, facts: ["minute", "spared"]) { alert in
      Column.key(alert["position"]?.integer ?? 0)
    } records: { state in
      try state.events(ofType: AlertRaised.type, from: 0)
        .compactMap { try state.event(at: $0) }
        .filter { alert in
          guard let client = try state.client(alert.subject) else { return false }
          return places.contains(account: client.account, project: client.project)
        }
        .map(Self.representation)
    }
  }

  /// The data of the event, whose client it is about, and where it stands.
  private static func representation(_ event: Event) throws -> JSON {
    try JSON.parse(event.body.data.canonicalBytes()).adding([
      .init("client", .string(event.subject.text)),
      .init("position", .integer(Int64(event.position))),
      .init("recorded", .string(event.recorded.text)),
    ])
  }
}
