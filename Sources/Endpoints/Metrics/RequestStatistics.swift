import HTTPServer
import Metrics

/// What requests came to.
struct RequestStatistics: Sendable {
  /// What answers are counted by. Every part has few values, whatever clients send.
  struct Series: Hashable {
    let route: Route
    let method: Method
    let status: Int
  }

  /// The methods that some path takes; any other is `other`.
  enum Method: String {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case delete = "DELETE"
    case other
  }

  /// Why an answer did not reach its client, or a connection did not begin.
  enum Abort: CaseIterable {
    case acceptFailed, handshakeFailed, clientLeft, writeStalled, streamFailed, invalidResponse
    case cutByDrain
  }

  private(set) var answers: [Series: UInt64] = [:]
  /// Microseconds until the answer, by ``Route/rawValue``.
  private(set) var durations = Array(repeating: Histogram.ofDurations, count: Route.allCases.count)
  private(set) var refusals: [Refusal: UInt64] = [:]
  private(set) var aborts: [Abort: UInt64] = [:]

  mutating func count(_ record: LogRecord) {
    switch record.event {
    case .answered(let method, _, let number, let microseconds):
      let route = Route(rawValue: number) ?? .other
      let series = Series(
        route: route, method: Method(rawValue: method) ?? .other, status: record.status ?? 0)
      answers[series, default: 0] += 1
      durations[route.rawValue].add(microseconds)
    case .refused(let refusal): refusals[refusal, default: 0] += 1
    case .acceptFailed: aborts[.acceptFailed, default: 0] += 1
    case .handshakeFailed: aborts[.handshakeFailed, default: 0] += 1
    case .clientLeft: aborts[.clientLeft, default: 0] += 1
    case .writeStalled: aborts[.writeStalled, default: 0] += 1
    case .streamFailed: aborts[.streamFailed, default: 0] += 1
    case .invalidResponse: aborts[.invalidResponse, default: 0] += 1
    case .cutByDrain: aborts[.cutByDrain, default: 0] += 1
    }
  }

  mutating func add(_ other: RequestStatistics) {
    answers.merge(other.answers, uniquingKeysWith: +)
    for index in durations.indices { durations[index].add(other.durations[index]) }
    refusals.merge(other.refusals, uniquingKeysWith: +)
    aborts.merge(other.aborts, uniquingKeysWith: +)
  }
}
