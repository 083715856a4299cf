import Support
import Testing

@testable import Endpoints

@Suite("The gatekeeper")
struct GatekeeperTests {
  private let clock = ManualTime()
  private let gatekeeper: Gatekeeper
  private let peer = "203.0.113.7"

  init() { gatekeeper = Gatekeeper(Observations(), clock) }

  private func fail(_ count: Int) throws {
    for _ in 0..<count {
      clock.advance(seconds: 16)
      _ = try gatekeeper.admit("client", from: peer)
      gatekeeper.noteFailure("client", of: nil, [], from: peer)
    }
  }

  @Test("who is held up is told for how long, and counted")
  func refusals() throws {
    try fail(9)
    let slowed = #expect(throws: OAuthError.self) { try gatekeeper.admit("client", from: peer) }
    #expect(slowed?.status == 429)
    #expect(slowed?.headers.first { $0.name == "Retry-After" }?.value == "16")
    try fail(1)
    let locked = #expect(throws: OAuthError.self) { try gatekeeper.admit("client", from: peer) }
    #expect(locked?.headers.first { $0.name == "Retry-After" }?.value == "900")
    #expect(gatekeeper.refusals.slowed == 1)
    #expect(gatekeeper.refusals.locked == 1)
    #expect(try !gatekeeper.admit("client", from: "203.0.113.8"))
  }

  @Test("all addresses of a /64 are one")
  func networks() throws {
    for number in 1...5 {
      gatekeeper.noteFailure("client", of: nil, [], from: "2001:db8::\(number)")
    }
    #expect(throws: OAuthError.self) { try gatekeeper.admit("client", from: "2001:db8::99") }
    #expect(try !gatekeeper.admit("client", from: "2001:db8:0:1::99"))
  }

  @Test("a success clears, so that nothing is counted any more")
  func success() throws {
    try fail(9)
    clock.advance(seconds: 16)
    #expect(try gatekeeper.admit("client", from: peer))
    gatekeeper.noteSuccess("client", from: peer)
    #expect(try !gatekeeper.admit("client", from: peer))
  }
}
