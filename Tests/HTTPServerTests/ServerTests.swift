import Dispatch
import Foundation
import Glibc
import Testing

@testable import HTTPServer

@Suite struct ServerTests {
  private struct Unwilling: Error {}

  static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

  @Test(arguments: ["0.0.0.0:0", "192.0.2.1:0", "[::]:0", "[2001:db8::1]:80"])
  func plainStaysOnLoopback(_ text: String) throws {
    let address = try #require(ListenAddress(text))
    let error = try #require(throws: ServerError.self) {
      try start(Configuration(addresses: [.loopback, address]))
    }
    #expect(error.code == .notLoopback)
    #expect(error.description.hasSuffix("."))
  }

  @Test(arguments: [
    "", "localhost:80", "127.1:80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:+80",
    "::1:80",
    "[127.0.0.1]:80", "[::1]", "unix:", "unix:" + String(repeating: "a", count: 108), "Systemd",
  ])
  func whatIsNoAddress(_ text: String) { #expect(ListenAddress(text) == nil) }

  @Test func numbersOutOfRange() {
    for loops in [0, -1, 257] {
      #expect(throws: ServerError(code: .invalidConfiguration, description: "")) {
        try start(Configuration(addresses: [.loopback], loops: loops))
      }
    }
  }

  @Test func listeners() throws {
    let server = try start(Configuration(addresses: Array(repeating: .loopback, count: 64)))
    defer { server.drain(deadline: 0.1) }
    for endpoint in server.endpoints {
      let (text, _) = try curl("-sS", "\(endpoint)/")
      #expect(text == "127.0.0.1")
    }
    for addresses in [
      [], [.inherited, .inherited], Array(repeating: .loopback, count: 65),
    ] as [[ListenAddress]] {
      #expect(throws: ServerError(code: .invalidConfiguration, description: "")) {
        try start(Configuration(addresses: addresses))
      }
    }
  }

  @Test func portsThatAreTaken() throws {
    let server = try TestServer()
    #expect(throws: ServerError(code: .system, description: "")) {
      try start(Configuration(addresses: [server.server.endpoints[0].address]))
    }
  }

  @Test func handlersThatCannotBeMade() {
    #expect(throws: ServerError(code: .handler, description: "")) {
      try Server.start(
        Configuration(addresses: [.loopback], loops: 2),
        makeHandler: { loop in
          guard loop.index == 0 else { throw Unwilling() }
          return Silent()
        })
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/net/if_inet6")))
  func sixthVersion() throws {
    let server = try start(Configuration(addresses: [#require(ListenAddress("[::1]:0"))]))
    defer { server.drain(deadline: 0.1) }
    let (text, _) = try curl("-gsS", "http://[::1]:\(server.port)/")
    #expect(text == "::1")
  }

  @Test func drainAnswersWhatIsInFlight() throws {
    let parked = Gathered<Exchange>()
    let server = try TestServer(loops: 2) { _, exchange in parked.add(exchange) }
    let idle = try Client(port: server.port)
    let busy = try Client(port: server.port)
    busy.send(Self.get)
    let exchange = try #require(parked.first())
    let drained = Gathered<Duration>()
    let start = ContinuousClock.now
    let draining = server.server
    DispatchQueue.global().async {
      draining.drain(deadline: 8)
      drained.add(start.duration(to: .now))
    }
    #expect(try idle.receive().isEmpty)
    #expect(throws: Client.Failure(code: ECONNREFUSED)) { try Client(port: server.port) }
    #expect(drained.all.isEmpty)
    exchange.respond(.text("still"))
    let answer = try busy.receiveAnswer()
    #expect(answer.text == "still")
    #expect(answer.header("connection") == "close")
    #expect(try busy.receive().isEmpty)
    #expect(try #require(drained.first()) < .seconds(5))
    exchange.respond(.text("late"))
  }

  @Test func drainAnswersWhatHasArrived() throws {
    let entered = Gathered<Exchange>()
    let gate = DispatchSemaphore(value: 0)
    let server = try TestServer { request, exchange in
      if request.path == "/block" {
        entered.add(exchange)
        gate.wait()
      }
      exchange.respond(.text(request.path))
    }
    let known = try Client(port: server.port)
    known.send(Self.get)
    _ = try known.receiveAnswer()
    let blocking = try Client(port: server.port)
    blocking.send("GET /block HTTP/1.1\r\nHost: a\r\n\r\n")
    let loop = try entered.element(0).loop
    // The loop is busy: it learns of the drain before it learns of either request.
    loop.withReactor { reactor in
      reactor.stopListening()
      reactor.drain(milliseconds: 8000)
    }
    known.send("GET /known HTTP/1.1\r\nHost: a\r\n\r\n")
    let fresh = try Client(port: server.port)
    fresh.send("GET /fresh HTTP/1.1\r\nHost: a\r\n\r\n")
    gate.signal()
    #expect(try blocking.receiveAnswer().text == "/block")
    #expect(try known.receiveAnswer().text == "/known")
    #expect(try fresh.receiveAnswer().text == "/fresh")
  }

  @Test func drainEndsAtItsDeadline() throws {
    let parked = Gathered<Exchange>()
    let server = try TestServer { _, exchange in parked.add(exchange) }
    let client = try Client(port: server.port)
    client.send(Self.get)
    _ = parked.first()
    let start = ContinuousClock.now
    server.server.drain(deadline: 0.3)
    let duration = start.duration(to: .now)
    #expect((.milliseconds(250)..<(.seconds(2))).contains(duration))
    #expect(server.log.all.map(\.event) == [.cutByDrain])
    #expect(throws: Client.Failure(code: ECONNRESET)) { try client.receiveAll() }
    server.server.drain(deadline: 5)
    #expect(start.duration(to: .now) < .seconds(2))
  }

  @Test func curlKeepsItsConnection() throws {
    let server = try TestServer()
    let url = "http://127.0.0.1:\(server.port)"
    let (text, log) = try curl("-vsS", "\(url)/a", "\(url)/b?c")
    #expect(text == "GET /a - GET /b c ")
    #expect(log.contains("Re-using existing"))
  }

  @Test func curlAsksForHeads() throws {
    let server = try TestServer()
    let (text, _) = try curl("-sSI", "http://127.0.0.1:\(server.port)/a")
    #expect(transcript(Array(text.utf8)) == "HTTP/1.1 200 OK\nContent-Length: 10\n\n")
  }

  @Test(arguments: ["X: y", "Transfer-Encoding: chunked"])
  func curlWaitsToContinue(_ header: String) throws {
    let server = try TestServer()
    let body = String(repeating: "0123456789", count: 500)
    let (text, log) = try curl(
      "-vsS", "-H", "Expect: 100-continue", "-H", header, "--expect100-timeout", "9", "-d", body,
      "http://127.0.0.1:\(server.port)/a")
    #expect(text == "POST /a - \(body)")
    #expect(log.contains("HTTP/1.1 100 Continue"))
  }

  private final class Silent: Handler {
    func handle(_ request: Request, _ exchange: Exchange) { exchange.respond(.text(request.peer)) }
    func note(_ record: LogRecord) {}
  }

  private func start(_ configuration: Configuration) throws(ServerError) -> Server {
    try Server.start(configuration, makeHandler: { _ in Silent() })
  }

  /// What curl wrote to its output and to its error output.
}
