import Dispatch
import Synchronization
import Testing

@testable import HTTPServer

/// A server whose handler is a closure, and that keeps what it says. Drained when it goes away.
final class TestServer {
  private final class ClosureHandler: Handler {
    let closure: @Sendable (Request, Exchange) -> Void
    let log: Gathered<LogRecord>
    let answers: Gathered<LogRecord>

    init(
      _ log: Gathered<LogRecord>, _ answers: Gathered<LogRecord>,
      _ closure: @escaping @Sendable (Request, Exchange) -> Void
    ) {
      self.log = log
      self.answers = answers
      self.closure = closure
    }

    func handle(_ request: Request, _ exchange: Exchange) { closure(request, exchange) }

    func note(_ record: LogRecord) {
      if case .answered = record.event { return answers.add(record) }
      log.add(record)
    }
  }

  let server: Server
  let log = Gathered<LogRecord>()
  /// The records of answered requests alone.
  let answers = Gathered<LogRecord>()
  var port: UInt16 { server.port }

  init(
    loops: Int = 1, limits: Configuration.Limits = .init(), tls: TLSFiles? = nil,
    _ closure: @escaping @Sendable (Request, Exchange) -> Void = TestServer.echo
  ) throws {
    let (log, answers) = (log, answers)
    server = try Server.start(
      Configuration(addresses: [.loopback], tls: tls, loops: loops, limits: limits),
      makeHandler: { _ in ClosureHandler(log, answers, closure) })
  }

  deinit { server.drain(deadline: 0.05) }

  /// Answers with what was asked.
  static let echo: @Sendable (Request, Exchange) -> Void = { request, exchange in
    let body = String(decoding: request.body, as: UTF8.self)
    exchange.respond(.text("\(request.method) \(request.path) \(request.query ?? "-") \(body)"))
  }
}

extension ListenAddress {
  static let loopback = ListenAddress("127.0.0.1:0")!
}

extension Server {
  /// The port of the first address.
  var port: UInt16 {
    if case .internet(_, let port) = endpoints[0].address { port } else { 0 }
  }
}

extension Response {
  static func text(_ text: String) -> Response {
    Response(status: 200, body: .bytes(Array(text.utf8)))
  }
}

/// Things that other threads add and a test waits for.
final class Gathered<Element: Sendable>: Sendable {
  private let elements = Mutex<[Element]>([])
  private let added = DispatchSemaphore(value: 0)

  var all: [Element] { elements.withLock { $0 } }

  func add(_ element: Element) {
    elements.withLock { $0.append(element) }
    added.signal()
  }

  /// The element of that index, waiting at most ten seconds for it.
  func element(_ index: Int) throws -> Element {
    while true {
      let all = all
      if all.count > index { return all[index] }
      try #require(added.wait(timeout: .now() + 10) == .success)
    }
  }

  /// The first element that fits, waiting at most ten seconds for it.
  func first(where fits: (Element) -> Bool = { _ in true }) -> Element? {
    while true {
      if let found = all.first(where: fits) { return found }
      guard added.wait(timeout: .now() + 10) == .success else { return nil }
    }
  }
}
