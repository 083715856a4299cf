import Synchronization
import Testing

@testable import HTTPServer

/// Each conversation has exactly this transcript, however the request is cut in two.
@Suite struct AcceptanceTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let request: String
    let answers: [String]

    init(_ name: String, _ request: String, _ answers: String...) {
      testDescription = name
      self.request = request
      self.answers = answers
    }
  }

  static func ok(_ text: String, _ connection: String = "") -> String {
    "HTTP/1.1 200 OK\n\(connection)Content-Length: \(text.utf8.count)\n\n\(text)"
  }

  static let chunked = "Host: a\r\nTransfer-Encoding: chunked\r\n\r\n"
  static let close = "Connection: close\n"

  static let cases: [Case] = [
    Case("plain", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", ok("GET / - ")),
    Case("query", "GET /a%20b?x=?%3d HTTP/1.1\r\nHost: a\r\n\r\n", ok("GET /a%20b x=?%3d ")),
    Case("empty query", "GET /? HTTP/1.1\r\nHost: a\r\n\r\n", ok("GET /  ")),
    Case("one empty line first", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", ok("GET / - ")),
    Case("unknown method", "purge / HTTP/1.1\r\nHost: a\r\n\r\n", ok("purge / - ")),
    Case("blanks and obs-text", "GET / HTTP/1.1\r\nHost:\t a \t\r\nX: é\r\n\r\n", ok("GET / - ")),
    Case("host with port", "GET / HTTP/1.1\r\nhOsT:[::1]:80\r\n\r\n", ok("GET / - ")),
    Case(
      "length", "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", ok("POST /p - abc")),
    Case(
      "length zero", "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 000\r\n\r\n", ok("POST /p - ")),
    Case(
      "chunked", "POST /c HTTP/1.1\r\n\(chunked)3\r\nabc\r\n0A\r\n0123456789\r\n0\r\n\r\n",
      ok("POST /c - abc0123456789")),
    Case(
      "chunked, nothing", "POST /c HTTP/1.1\r\n\(chunked)0\r\n\r\n", ok("POST /c - ")),
    Case(
      "extensions and trailers",
      "POST /c HTTP/1.1\r\n\(chunked)1;a=\"b\"\r\nx\r\n0;c\r\nHost: b\r\nD:\r\n\r\n",
      ok("POST /c - x")),
    Case(
      "pipelined",
      "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab"
        + "POST /3 HTTP/1.1\r\n\(chunked)1\r\nc\r\n0\r\n\r\n\r\nGET /4 HTTP/1.1\r\nHost: a\r\n\r\n",
      ok("GET /1 - "), ok("POST /2 - ab"), ok("POST /3 - c"), ok("GET /4 - ")),
    Case(
      "nothing after close",
      "GET /1 HTTP/1.1\r\nHost: a\r\nConnection: x, CLOSE\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
      ok("GET /1 - ", close)),
    Case("HTTP/1.0", "GET / HTTP/1.0\r\n\r\nGET / HTTP/1.0\r\n\r\n", ok("GET / - ", close)),
    Case(
      "HTTP/1.0 kept alive",
      "GET /1 HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\nGET /2 HTTP/1.0\r\nHost: a\r\n\r\n",
      ok("GET /1 - ", "Connection: keep-alive\n"), ok("GET /2 - ", close)),
    Case(
      "HTTP/1.0 ignores expectations", "GET / HTTP/1.0\r\nExpect: tea\r\n\r\n",
      ok("GET / - ", close)),
    Case(
      "HEAD", "HEAD /h HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
      "HTTP/1.1 200 OK\nContent-Length: 10\n\n", ok("GET /2 - ")),
  ]

  @Test(arguments: cases)
  func answeredHoweverCut(_ accepted: Case) throws {
    let server = try TestServer()
    let bytes = Array(accepted.request.utf8)
    let expected = accepted.answers.joined()
    #expect(try converse(server.port, [bytes[...]]) == expected)
    for cut in 1..<bytes.count {
      let came = try converse(server.port, [bytes[..<cut], bytes[cut...]])
      #expect(came == expected, "cut at \(cut)")
    }
    #expect(server.log.all.isEmpty)
  }

  @Test func byteByByte() throws {
    let server = try TestServer()
    let bytes = Array("POST /c HTTP/1.1\r\n\(Self.chunked)3\r\nabc\r\n0\r\n\r\n".utf8)
    let parts = bytes.indices.map { bytes[$0...$0] }
    #expect(try converse(server.port, parts) == Self.ok("POST /c - abc"))
  }

  @Test func continues() throws {
    let server = try TestServer()
    let client = try Client(port: server.port)
    for length in ["Content-Length: 3", "Transfer-Encoding: chunked"] {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\n\(length)\r\n\r\n")
      #expect(try client.receive(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
      client.send(length.hasPrefix("C") ? "abc" : "3\r\nabc\r\n0\r\n\r\n")
      #expect(try client.receiveAnswer().text == "POST / - abc")
    }
  }

  @Test func doesNotContinueWhatItWillRefuse() throws {
    let server = try TestServer()
    let client = try Client(port: server.port)
    client.send(
      "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2000000\r\n\r\n")
    #expect(try client.receiveAnswer().status == 413)
  }

  @Test func requestsTellTheirHeadersAndPeer() throws {
    let seen = Gathered<[String?]>()
    let server = try TestServer { request, exchange in
      seen.add([
        request.header("x-one"), request.header("x-two"), request.header("x-none"),
        request.headers(named: "x-two").joined(separator: "|"), request.peer,
        request.header("x-empty"),
      ])
      exchange.respond(Response(status: 204))
    }
    let client = try Client(port: server.port)
    client.send(
      "GET / HTTP/1.1\r\nHost: a\r\nX-One: \t1 1 \r\nx-TWO: a\r\nX-Two: b\r\nx-empty:\r\n\r\n")
    #expect(try client.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 204 No Content\r\nDate: "))
    #expect(seen.first() == ["1 1", nil, nil, "a|b", "127.0.0.1", ""])
  }

  @Test func theServerOwnsFramingHeaders() throws {
    let server = try TestServer { _, exchange in
      exchange.respond(
        Response(
          status: 200,
          headers: [
            ("content-length", "99"), ("Transfer-Encoding", "gzip"), ("Connection", "close"),
            ("DATE", "x"), ("X", "y"),
          ]))
    }
    let client = try Client(port: server.port)
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    let answer = try client.receiveAnswer()
    #expect(answer.head == "HTTP/1.1 200 OK\nX: y\nContent-Length: 0\n\n")
  }

  @Test(arguments: [
    Response(status: 200, headers: [("X", "a\r\nSet-Cookie: b")]),
    Response(status: 200, headers: [("X\r\nY", "a")]), Response(status: 200, headers: [("", "a")]),
    Response(status: 99), Response(status: 600),
  ])
  func unsendableAnswersBecome500(_ response: Response) throws {
    let server = try TestServer { _, exchange in exchange.respond(response) }
    let client = try Client(port: server.port)
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    let answer = try client.receiveAnswer()
    #expect(answer.status == 500)
    #expect(!answer.head.contains("Cookie"))
    #expect(server.log.first()?.event == .invalidResponse)
  }

  @Test func unsendableStreamsAreCancelled() throws {
    let stream = StreamTests.Parts(1, of: [65])
    let server = try TestServer { _, exchange in
      exchange.respond(Response(status: 99, body: .stream(stream)))
    }
    let client = try Client(port: server.port)
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try client.receiveAnswer().status == 500)
    #expect(stream.cancelled.first() == true)
    #expect(stream.pulled.load(ordering: .relaxed) == 0)
  }

  @Test func aRefusalAfterHeadHasItsBody() throws {
    let server = try TestServer()
    let client = try Client(port: server.port)
    client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\n\r\n")
    #expect(try client.receiveAnswer(hasBody: false).status == 200)
    #expect(try client.receiveAnswer().text.contains("\"status\":400"))
  }

  @Test func notModifiedHasNoBody() throws {
    let server = try TestServer { _, exchange in
      exchange.respond(Response(status: 304, headers: [("ETag", "\"a\"")], body: .bytes([65])))
    }
    let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
    let came = try converse(server.port, [bytes[...]])
    #expect(came == "HTTP/1.1 304 Not Modified\nETag: \"a\"\n\n")
  }

  @Test func requestsAreLoggedWithoutTheirQuery() throws {
    let server = try TestServer()
    let client = try Client(port: server.port)
    client.send("GET /a?secret HTTP/1.1\r\nHost: a\r\n\r\n")
    _ = try client.receiveAnswer()
    let record = try #require(server.answers.first())
    guard case .answered("GET", "/a", 0, let microseconds) = record.event else {
      Issue.record("\(record)")
      return
    }
    #expect(microseconds < 10_000_000)
    #expect(record.status == 200)
    #expect(record.peer == "127.0.0.1")
  }

  @Test func everyRequestHasAnIdOfItsOwn() throws {
    let server = try TestServer()
    let client = try Client(port: server.port)
    var ids: Set<String> = []
    for request in ["HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n", "GET /b HTTP/1.1\r\n\r\n"] {
      client.send(request)
      let head = try client.receive(until: "\r\n\r\n").split(separator: "\r\n")
      let line = try #require(head.first { $0.hasPrefix("X-Request-Id: ") })
      ids.insert(String(line.dropFirst(14)))
    }
    let answered = try server.answers.element(0)
    let refused = try server.log.element(0)
    #expect(ids == [answered.requestID, refused.requestID] as Set)
    #expect(ids.count == 2)
    #expect(ids.allSatisfy { $0.utf8.count == 15 })
  }

  @Test func datesAreFixed() {
    #expect(Clock.httpDate(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
  }
}
