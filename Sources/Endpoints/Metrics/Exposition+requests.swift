import HTTPServer
import Metrics
import Synchronization

extension Exposition {
  /// What the HTTP server does.
  mutating func add(_ traffic: Traffic) {
    let statistics = traffic.statistics
    addAnswers(statistics)
    add(
      "tallystick_http_refusals_total", .counter,
      "Requests that the HTTP server refused before any endpoint saw them.",
      Refusal.allCases.map { ([("cause", label($0))], Double(statistics.refusals[$0] ?? 0)) })
    add(
      "tallystick_http_aborts_total", .counter,
      "Answers that did not reach their client, and connections that could not begin.",
      RequestStatistics.Abort.allCases.map {
        ([("cause", label($0))], Double(statistics.aborts[$0] ?? 0))
      })
    add(
      "tallystick_http_connections", .gauge, "Connections that are open now.",
      Double(traffic.connections))
  }

  /// Who was held up.
  mutating func add(_ gatekeeper: Gatekeeper, _ observations: Observations) {
    let refusals = gatekeeper.refusals
    add(
      "tallystick_authentication_refusals_total", .counter,
      "Attempts to authenticate that came too early and were not looked at.",
      [
        ([("cause", "slowed")], Double(refusals.slowed)),
        ([("cause", "locked")], Double(refusals.locked)),
      ])
    add(
      "tallystick_denials_waiting", .gauge,
      "Denied attempts to authenticate that are not in the log yet.",
      Double(observations.denialsWaiting.load(ordering: .relaxed)))
  }

  private mutating func addAnswers(_ statistics: RequestStatistics) {
    let answers = statistics.answers.map { series, count in
      (
        labels: [
          ("method", series.method.rawValue), ("route", series.route.template),
          ("status", String(series.status)),
        ] as [Label], value: Double(count)
      )
    }
    add(
      "tallystick_http_requests_total", .counter, "Requests that an endpoint answered.",
      answers.sorted { $0.labels.map(\.value).lexicographicallyPrecedes($1.labels.map(\.value)) })
    add(
      "tallystick_http_request_duration_seconds",
      "Time from the whole request to the beginning of its answer.",
      Route.allCases.compactMap { route in
        let durations = statistics.durations[route.rawValue]
        return durations.count == 0 ? nil : ([("route", route.template)], durations)
      }, dividedBy: 1e6)
  }

  /// The name of a case as a label: `bodyTooLarge` as `body_too_large`.
  func label(_ name: some Sendable) -> String {
    "\(name)".reduce(into: "") { $0 += $1.isUppercase ? "_\($1.lowercased())" : "\($1)" }
  }
}
