import Glibc
import Testing

@testable import HTTPServer

@Suite struct LimitTests {
  static let head = "GET / HTTP/1.1\r\nHost: a\r\n"

  @Test func largeHeads() throws {
    var limits = Configuration.Limits()
    limits.headBytes = 100
    let server = try TestServer(limits: limits)
    let fits = "\(Self.head)X: \(String(repeating: "a", count: 100 - 32))\r\n\r\n"
    #expect(fits.utf8.count == 100)
    #expect(try status(server, fits) == 200)
    #expect(try status(server, fits.replacing("X:", with: "XY:")) == 431)
    // Not even ended.
    #expect(try status(server, String(repeating: "a", count: 101)) == 431)
    #expect(try status(server, String(repeating: "a", count: 1_000_000)) == 431)
  }

  @Test func manyHeaders() throws {
    var limits = Configuration.Limits()
    limits.headers = 3
    let server = try TestServer(limits: limits)
    #expect(try status(server, "\(Self.head)A: b\r\nA: b\r\n\r\n") == 200)
    #expect(try status(server, "\(Self.head)A: b\r\nA: b\r\nA: b\r\n\r\n") == 431)
    #expect(server.log.first()?.event == .refused(.tooManyHeaders))
  }

  @Test func largeBodies() throws {
    var limits = Configuration.Limits()
    limits.bodyBytes = 5
    let server = try TestServer(limits: limits)
    let post = "POST / HTTP/1.1\r\nHost: a\r\n"
    let chunked = "\(post)Transfer-Encoding: chunked\r\n\r\n"
    #expect(try status(server, "\(post)Content-Length: 5\r\n\r\nabcde") == 200)
    #expect(try status(server, "\(post)Content-Length: 6\r\n\r\nabcdef") == 413)
    #expect(try status(server, "\(chunked)2\r\nab\r\n3\r\nabc\r\n0\r\n\r\n") == 200)
    #expect(try status(server, "\(chunked)2\r\nab\r\n4\r\nabcd\r\n0\r\n\r\n") == 413)
  }

  @Test func theAnswerReachesAClientThatKeepsSending() throws {
    let server = try TestServer()
    let post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n"
    #expect(try status(server, post + String(repeating: "a", count: 40_000)) == 413)
  }

  @Test func bodyOfTheDefaultLimit() throws {
    let server = try TestServer { request, exchange in
      exchange.respond(.text("\(request.body.count) \(request.body.allSatisfy { $0 == 97 })"))
    }
    let client = try Client(port: server.port)
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n")
    client.send([UInt8](repeating: 97, count: 1_048_576))
    #expect(try client.receiveAnswer().text == "1048576 true")
  }

  @Test func chunkOverhead() throws {
    var limits = Configuration.Limits()
    limits.headBytes = 200
    let server = try TestServer(limits: limits)
    let chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    let long = String(repeating: "a", count: 101)
    #expect(try status(server, "\(chunked)1;\(long)\r\nx\r\n0\r\n\r\n") == 200)
    #expect(try status(server, "\(chunked)1;\(long)\r\nx\r\n0;\(long)\r\n\r\n") == 431)
    #expect(try status(server, "\(chunked)0\r\nA: \(long)\r\n\r\n") == 200)
    #expect(try status(server, "\(chunked)0\r\nA: \(long)\r\nA: \(long)\r\n\r\n") == 431)
  }

  @Test(arguments: [
    "", "GET / HT", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n",
  ])
  func slowRequests(_ part: String) throws {
    var limits = Configuration.Limits()
    limits.headSeconds = 0.3
    limits.bodySeconds = 0.3
    let server = try TestServer(limits: limits)
    let start = ContinuousClock.now
    let client = try Client(port: server.port)
    client.send(part)
    #expect(try client.receiveAnswer().status == 408)
    #expect(try client.receive().isEmpty)
    #expect((.milliseconds(250)..<(.seconds(3))).contains(start.duration(to: .now)))
  }

  @Test(arguments: [
    "GET / HTTP/1.1\r\nX: ", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n",
  ])
  func drippingDoesNotBuyTime(_ part: String) throws {
    var limits = Configuration.Limits()
    limits.headSeconds = 0.3
    limits.bodySeconds = 0.3
    let server = try TestServer(limits: limits)
    let start = ContinuousClock.now
    let client = try Client(port: server.port)
    client.send(part)
    while server.log.all.isEmpty, start.duration(to: .now) < .seconds(3) {
      client.send("a")
      usleep(20_000)
    }
    #expect(start.duration(to: .now) < .seconds(2))
    #expect(try client.receiveAnswer().status == 408)
  }

  @Test func idleConnectionsEndSilently() throws {
    var limits = Configuration.Limits()
    limits.idleSeconds = 0.3
    let server = try TestServer(limits: limits)
    let client = try Client(port: server.port)
    client.send("\(Self.head)\r\n")
    #expect(try client.receiveAnswer().status == 200)
    let start = ContinuousClock.now
    #expect(try client.receive().isEmpty)
    #expect(start.duration(to: .now) > .milliseconds(250))
    #expect(server.log.all.isEmpty)
  }

  @Test func aFollowingHeadHasItsOwnTime() throws {
    var limits = Configuration.Limits()
    limits.headSeconds = 0.3
    let server = try TestServer(limits: limits)
    let client = try Client(port: server.port)
    client.send("\(Self.head)\r\nG")
    #expect(try client.receiveAnswer().status == 200)
    #expect(try client.receiveAnswer().status == 408)
  }

  @Test func clientsThatDoNotRead() throws {
    var limits = Configuration.Limits()
    limits.writeSeconds = 0.3
    let server = try TestServer(limits: limits) { _, exchange in
      exchange.respond(Response(status: 200, body: .bytes([UInt8](repeating: 0, count: 1 << 25))))
    }
    let client = try Client(port: server.port, receiveBuffer: 4096)
    client.send("\(Self.head)\r\n")
    #expect(server.log.first()?.event == .writeStalled)
    #expect(throws: Client.Failure(code: ECONNRESET)) { try client.receiveAll() }
  }

  @Test func connections() throws {
    var limits = Configuration.Limits()
    limits.connections = 2
    let server = try TestServer(loops: 2, limits: limits)
    var clients = [try Client(port: server.port), try Client(port: server.port)]
    for client in clients {
      client.send("\(Self.head)\r\n")
      #expect(try client.receiveAnswer().status == 200)
    }
    let extra = try Client(port: server.port)
    extra.send("\(Self.head)\r\n")
    let answer = try extra.receiveAnswer()
    #expect(answer.status == 503)
    #expect(answer.header("retry-after") == "1")
    #expect(try extra.receive().isEmpty)
    #expect(server.log.first()?.event == .refused(.tooManyConnections))
    clients.removeFirst()
    #expect(try answersSoon(server))
  }

  /// A place becomes free only when the server has seen that its client left.
  private func answersSoon(_ server: TestServer) throws -> Bool {
    for _ in 0..<500 {
      if try status(server, "\(Self.head)\r\n") == 200 { return true }
      usleep(10_000)
    }
    return false
  }

  private func status(_ server: TestServer, _ request: String) throws -> Int {
    let client = try Client(port: server.port)
    client.send(request)
    return try client.receiveAnswer().status
  }
}
