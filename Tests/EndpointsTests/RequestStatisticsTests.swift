import Metrics
import Testing

@testable import Endpoints
@testable import HTTPServer

@Suite("What requests came to")
struct RequestStatisticsTests {
  private typealias Series = RequestStatistics.Series

  @Test("answers are counted by route, method and status, and timed by route")
  func answers() {
    var statistics = RequestStatistics()
    statistics.count(answer(.token, "POST", 200, microseconds: 90))
    statistics.count(answer(.token, "POST", 200, microseconds: 5))
    statistics.count(answer(.token, "GET", 405, microseconds: 1))
    #expect(
      statistics.answers == [
        Series(route: .token, method: .post, status: 200): 2,
        Series(route: .token, method: .get, status: 405): 1,
      ])
    #expect(statistics.durations[Route.token.rawValue].count == 3)
    #expect(statistics.durations[Route.token.rawValue].sum == 96)
    #expect(statistics.durations[Route.other.rawValue].count == 0)
  }

  @Test("methods and routes that nobody knows are one")
  func strangers() {
    var statistics = RequestStatistics()
    for method in ["BREW", "get", "other", ""] {
      statistics.count(answer(.other, method, 404, microseconds: 1))
    }
    statistics.count(
      record(.answered(method: "PUT", path: "/", route: 9_999, microseconds: 1), 404))
    #expect(statistics.answers == [Series(route: .other, method: .other, status: 404): 5])
  }

  @Test("the sum over loops has everything of each")
  func sum() {
    var (left, right) = (RequestStatistics(), RequestStatistics())
    left.count(answer(.health, "GET", 200, microseconds: 1))
    for statistics in [answer(.health, "GET", 200, microseconds: 2), record(.clientLeft, nil)] {
      right.count(statistics)
    }
    right.count(record(.refused(.bodyTooLarge), 413))
    left.add(right)
    #expect(left.answers == [Series(route: .health, method: .get, status: 200): 2])
    #expect(left.durations[Route.health.rawValue].sum == 3)
    #expect(left.refusals == [.bodyTooLarge: 1])
    #expect(left.aborts == [.clientLeft: 1])
  }

  @Test("a case is a label in snake case")
  func labels() {
    #expect(Exposition().label(Refusal.bodyTooLarge) == "body_too_large")
    #expect(Exposition().label(RequestStatistics.Abort.cutByDrain) == "cut_by_drain")
  }

  private func answer(
    _ route: Route, _ method: String, _ status: Int, microseconds: UInt64
  ) -> LogRecord {
    record(
      .answered(method: method, path: "/x", route: route.rawValue, microseconds: microseconds),
      status)
  }

  private func record(_ event: LogRecord.Event, _ status: Int?) -> LogRecord {
    LogRecord(
      event: event, peer: "127.0.0.1", requestID: nil, clientCertificate: nil, status: status)
  }
}
