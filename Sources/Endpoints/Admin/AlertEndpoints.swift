import CanonicalJSON
import HTTPServer
import Ledger
import Projections

/// `/admin/alerts`
extension Desk {
  /// Those of clients where the caller may read audit data, the newest first; `client`, `rule`,
  /// `from` and `to` narrow the list.
  func listAlerts(_ request: Request, _ caller: Administrator) throws -> Response {
    let filters = ["as_of", "client", "from", "rule", "to"]
    let query = try query(request, ["page", "per_page"] + filters)
    let filter = try AlertFilter(query)
    let places = try caller.places(for: .readAudit)
    let alerts = try state.read(asOf: try moment(query["as_of"]).position) { state in
      try state.events(ofType: AlertRaised.type, from: 0).reversed()
        .compactMap { try state.event(at: $0) }.filter(filter.matches)
        .filter { alert in
          guard let client = try state.client(alert.subject) else { return false }
          return places.contains(account: client.account, project: client.project)
        }
    }
    return try list(alerts, request, filters: filters) { try Self.representation($0) }
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

/// Which alerts are wanted.
private struct AlertFilter {
  private let client: Identifier?
  private let rule: AlertRule?
  private let from: Timestamp?
  private let to: Timestamp?

  init(_ query: FormParameters) throws(Problem) {
    client = try query["client"].map { text throws(Problem) in
      guard let id = Identifier(text, .client) else {
        throw .parameter("client", "must be an identifier that begins with cli_")
      }
      return id
    }
    rule = try query["rule"].map { text throws(Problem) in
      guard let rule = AlertRule(rawValue: text) else {
        let rules = AlertRule.allCases.map(\.rawValue).joined(separator: ", ")
        throw .parameter("rule", "must be one of \(rules)")
      }
      return rule
    }
    from = try Self.time("from", query)
    to = try Self.time("to", query)
  }

  private static func time(_ name: String, _ query: FormParameters) throws(Problem) -> Timestamp? {
    guard let text = query[name] else { return nil }
    guard let time = Timestamp(internet: text) else {
      throw .parameter(name, "must be a time such as 2026-11-21T05:16:00Z")
    }
    return time
  }

  func matches(_ event: Event) -> Bool {
    guard case .alertRaised(let alert) = event.body else { return false }
    return client ?? event.subject == event.subject
      && rule ?? alert.finding.rule == alert.finding.rule
      && from.map { event.recorded >= $0 } ?? true && to.map { event.recorded <= $0 } ?? true
  }
}
