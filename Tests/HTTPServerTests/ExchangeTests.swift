import Dispatch
import Synchronization
import Testing

@testable import HTTPServer

/// Answers that come later, from elsewhere, twice, or too late.
@Suite struct ExchangeTests {
  static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

  private func parking(_ parked: Gathered<Exchange>, loops: Int = 1) throws -> TestServer {
    try TestServer(loops: loops) { _, exchange in parked.add(exchange) }
  }

  @Test func anotherThreadAnswers() throws {
    let parked = Gathered<Exchange>()
    let server = try parking(parked)
    let client = try Client(port: server.port)
    for round in 0..<50 {
      client.send(Self.get)
      let exchange = try parked.element(round)
      DispatchQueue.global().async { exchange.respond(.text("answer \(round)")) }
      #expect(try client.receiveAnswer().text == "answer \(round)")
    }
  }

  @Test func theFirstAnswerCounts() throws {
    let parked = Gathered<Exchange>()
    let server = try TestServer { request, exchange in
      if request.path == "/park" { parked.add(exchange) } else { exchange.respond(.text("other")) }
    }
    let client = try Client(port: server.port)
    client.send("GET /park HTTP/1.1\r\nHost: a\r\n\r\n\(Self.get)")
    let exchange = try #require(parked.first())
    let stream = StreamTests.Parts(1, of: [65])
    exchange.respond(.text("first"))
    exchange.respond(.text("second"))
    exchange.respond(Response(status: 200, body: .stream(stream)))
    #expect(try client.receiveAnswer().text == "first")
    #expect(try client.receiveAnswer().text == "other")
    client.send(Self.get)
    #expect(try client.receiveAnswer().text == "other")
    #expect(stream.cancelled.first() == true)
  }

  @Test func aLateAnswerReachesNobodyElse() throws {
    let parked = Gathered<Exchange>()
    let server = try parking(parked)
    do {
      let gone = try Client(port: server.port)
      gone.send(Self.get)
      _ = parked.first()
      gone.resetOnClose()
    }
    #expect(server.log.first()?.event == .clientLeft)
    let client = try Client(port: server.port)
    client.send(Self.get)
    let stale = try parked.element(0)
    let own = try parked.element(1)
    #expect(stale.slot == own.slot)
    stale.respond(.text("stale"))
    own.respond(.text("own"))
    #expect(try client.receiveAnswer().text == "own")
    client.send(Self.get)
    let next = try parked.element(2)
    stale.respond(.text("stale"))
    next.respond(.text("next"))
    #expect(try client.receiveAnswer().text == "next")
  }

  @Test func whatIsSentAheadWaits() throws {
    let parked = Gathered<Exchange>()
    let server = try parking(parked)
    let client = try Client(port: server.port)
    client.send(Self.get)
    _ = parked.first()
    for _ in 0..<9 { client.send(Self.get) }
    for round in 0..<10 {
      let exchange = try parked.element(round)
      #expect(parked.all.count == round + 1)
      exchange.respond(.text("\(round)"))
      #expect(try client.receiveAnswer().text == "\(round)")
    }
  }

  @Test func aClientThatFinishedSendingIsAnswered() throws {
    let parked = Gathered<Exchange>()
    let server = try parking(parked)
    let client = try Client(port: server.port)
    client.send(Self.get)
    client.finishSending()
    let exchange = try parked.element(0)
    exchange.loop.run([{ exchange.loop.run([{ exchange.respond(.text("later")) }]) }])
    #expect(try client.receiveAnswer().text == "later")
    #expect(try client.receive().isEmpty)
    #expect(server.log.all.isEmpty)
  }

  @Test func workRunsInOrderOnTheLoop() throws {
    let parked = Gathered<Exchange>()
    let server = try parking(parked, loops: 2)
    let client = try Client(port: server.port)
    client.send(Self.get)
    let exchange = try #require(parked.first())
    let order = Gathered<Int>()
    let loop = exchange.loop
    #expect(!loop.isCurrent)
    loop.run((0..<100).map { number in { order.add(loop.isCurrent ? number : -1) } })
    loop.run([{ order.add(100) }])
    _ = order.first { $0 == 100 }
    #expect(order.all == Array(0...100))
    exchange.respond(.text(""))
    _ = try client.receiveAnswer()
  }

  @Test func connectionsSpreadEvenly() throws {
    let server = try TestServer(loops: 2) { _, exchange in
      exchange.respond(.text("\(exchange.loop.index)"))
    }
    let clients = try (0..<64).map { _ in try Client(port: server.port) }
    var loops: [String: Int] = [:]
    for client in clients {
      client.send(Self.get)
      loops[try client.receiveAnswer().text, default: 0] += 1
    }
    #expect(loops == ["0": 32, "1": 32])
  }

  @Test func largeAnswersArriveWhole() throws {
    let body = (0..<8 << 20).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
    let server = try TestServer { _, exchange in
      exchange.respond(Response(status: 200, body: .bytes(body)))
    }
    let client = try Client(port: server.port, receiveBuffer: 4096)
    client.send(Self.get + Self.get)
    for _ in 0..<2 { #expect(try client.receiveAnswer().body == body) }
  }
}
