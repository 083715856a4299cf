import Glibc
import Synchronization
import Testing

@testable import HTTPServer

@Suite struct StreamTests {
  /// Gives its parts, then nil or an error; counts what is asked of it.
  final class Parts: BodyStream {
    struct Broken: Error {}

    let cancelled = Gathered<Bool>()
    let pulled = Atomic<Int>(0)
    private let count: Int
    private let part: [UInt8]
    private let breaks: Bool

    init(_ count: Int, of part: [UInt8], breaks: Bool = false) {
      self.count = count
      self.part = part
      self.breaks = breaks
    }

    func next() throws -> [UInt8]? {
      let number = pulled.add(1, ordering: .relaxed).oldValue
      if number < count { return part }
      if breaks { throw Broken() }
      return nil
    }

    func cancel() { cancelled.add(true) }
  }

  private func serve(_ stream: Parts) throws -> TestServer {
    try TestServer { _, exchange in
      exchange.respond(Response(status: 200, body: .stream(stream)))
    }
  }

  private static let abc = Array("abc".utf8)

  @Test func chunksAndKeepsTheConnection() throws {
    let server = try TestServer { _, exchange in
      let stream = Parts(2, of: Self.abc)
      exchange.respond(Response(status: 200, body: .stream(stream)))
    }
    let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
    let answer = """
      HTTP/1.1 200 OK
      Transfer-Encoding: chunked

      3
      abc
      3
      abc
      0


      """
    #expect(try converse(server.port, [bytes[...]]) == answer + answer)
  }

  @Test func untilCloseForOldClients() throws {
    let server = try serve(Parts(2, of: Self.abc))
    let bytes = Array("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n".utf8)
    let answer = "HTTP/1.1 200 OK\nConnection: close\n\nabcabc"
    #expect(try converse(server.port, [bytes[...]]) == answer)
  }

  @Test func emptyPartsDoNotEndTheBody() throws {
    let stream = Parts(100, of: [])
    let server = try serve(stream)
    let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
    let answer = "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n0\n\n"
    #expect(try converse(server.port, [bytes[...]]) == answer)
    #expect(stream.pulled.load(ordering: .relaxed) == 101)
    #expect(stream.cancelled.all.isEmpty)
  }

  @Test func headAsksForNone() throws {
    let stream = Parts(2, of: Self.abc)
    let server = try serve(stream)
    let bytes = Array("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
    let answer = "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n"
    #expect(try converse(server.port, [bytes[...]]) == answer)
    #expect(stream.pulled.load(ordering: .relaxed) == 0)
    #expect(stream.cancelled.all.count == 1)
  }

  @Test(arguments: ["1.0", "1.1"])
  func aFailureIsNeverACleanEnd(_ version: String) throws {
    let stream = Parts(2, of: Self.abc, breaks: true)
    let server = try serve(stream)
    let client = try Client(port: server.port)
    client.send("GET / HTTP/\(version)\r\nHost: a\r\n\r\n")
    #expect(throws: Client.Failure(code: ECONNRESET)) { try client.receiveAll() }
    #expect(server.log.first()?.event == .streamFailed(reason: "Broken()"))
    #expect(stream.cancelled.all.isEmpty)
  }

  @Test func longStreamsArriveWhole() throws {
    let part = (0..<60_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let server = try serve(Parts(300, of: part))
    let client = try Client(port: server.port, receiveBuffer: 4096)
    client.send("GET / HTTP/1.0\r\n\r\n")
    _ = try client.receive(until: "\r\n\r\n")
    let body = try client.receiveAll()
    #expect(body.count == 300 * part.count)
    let same = stride(from: 0, to: body.count, by: part.count).allSatisfy {
      body[$0..<$0 + part.count].elementsEqual(part)
    }
    #expect(same)
  }

  @Test func aSlowReaderHoldsTheStreamBack() throws {
    let part = [UInt8](repeating: 0, count: 64 * 1024)
    let stream = Parts(.max, of: part)
    let server = try serve(stream)
    do {
      let client = try Client(port: server.port)
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
      _ = try client.receive(until: "\r\n\r\n")
      let before = settled(stream)
      #expect(before * part.count < 8 << 20)
      var read = 0
      while read < 16 << 20 { read += try client.receive().count }
      #expect(stream.pulled.load(ordering: .relaxed) > before)
      #expect(stream.cancelled.all.isEmpty)
    }
    #expect(stream.cancelled.first() == true)
    server.server.drain(deadline: 1)
    #expect(stream.cancelled.all.count == 1)
  }

  @Test func theNextPartWaitsForTheLast() throws {
    let stream = Parts(.max, of: [UInt8](repeating: 0, count: 24 << 20))
    let server = try serve(stream)
    let client = try Client(port: server.port, receiveBuffer: 4096)
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    _ = try client.receive(until: "\r\n\r\n")
    #expect(settled(stream) == 1)
  }

  /// How far the stream was pulled once nothing has moved for a while, or far too far.
  private func settled(_ stream: Parts) -> Int {
    var last = -1
    var quiet = 0
    while quiet < 20, last < 1000 {
      usleep(10_000)
      let now = stream.pulled.load(ordering: .relaxed)
      quiet = now == last ? quiet + 1 : 0
      last = now
    }
    return last
  }

  @Test func aStreamDoesNotStarveOthers() throws {
    let server = try TestServer { request, exchange in
      let stream = Parts(.max, of: [UInt8](repeating: 0, count: 64 * 1024))
      exchange.respond(
        request.path == "/" ? .text("here") : Response(status: 200, body: .stream(stream)))
    }
    let greedy = try Client(port: server.port)
    greedy.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
    for _ in 0..<20 {
      _ = try greedy.receive(1 << 20)
      let client = try Client(port: server.port)
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try client.receiveAnswer().text == "here")
    }
  }
}
