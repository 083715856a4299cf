import CanonicalJSON
import Ledger
import Projections
import Sequencer
import Support
import Testing

@Suite("Alerts")
struct AlertTests {
  private let scene: Scene
  private let client = id(.client, 2)
  private static let home = "203.0.113.0/24"
  private static let elsewhere = "198.51.100.0/24"

  init() throws {
    scene = try Scene()
    _ = try scene.events(scene.perform(.addClient(scene.addClient(2))))
  }

  private func raise(_ finding: Finding, of client: Identifier? = nil) throws -> [Event] {
    try scene.events(
      scene.sequencer.perform(
        Command(
          actor: .ownGuard, action: .raiseAlert(RaiseAlert(of: client ?? self.client, finding)))))
  }

  private func burst(_ count: Int64) -> Finding { .denialBurst(count: count, minute: 60) }

  private func revise(_ patch: String) throws {
    let action = try RevisePolicy(fields: try JSON.parse(Array(patch.utf8)))
    _ = try scene.events(scene.perform(.revisePolicy(action)))
  }

  private func ask(from network: String?, _ number: UInt64) throws -> [Event] {
    try scene.events(
      scene.perform(
        .issueToken(
          IssueToken(
            id: id(.token, number), client: client, secret: id(.secret, 2), requested: nil,
            network: network)),
        as: 2))
  }

  @Test("a burst is told from the threshold on, and once an hour")
  func burst() throws {
    #expect(try raise(burst(29)).isEmpty)
    let event = try #require(try raise(burst(30)).first)
    #expect(event.subject == client)
    guard case .alertRaised(let alert) = event.body else { throw Unexpected() }
    #expect(alert.finding == burst(30) && !alert.suspends && !alert.spares)
    #expect(try raise(burst(99)).isEmpty)
    #expect(try !raise(burst(30), of: scene.operatorID).isEmpty)
    scene.clock.advance(seconds: 3_599)
    #expect(try raise(burst(30)).isEmpty)
    scene.clock.advance(seconds: 1)
    #expect(try !raise(burst(30)).isEmpty)
  }

  @Test("a secret that was good once is told once an hour, each of its own")
  func replacedSecret() throws {
    func finding(_ number: UInt64) -> Finding {
      .replacedSecret(id(.secret, number), source: "203.0.113.7")
    }
    #expect(try !raise(finding(7)).isEmpty)
    #expect(try raise(finding(7)).isEmpty)
    #expect(try !raise(finding(8)).isEmpty)
  }

  @Test("what the policy ignores is not told")
  func ignored() throws {
    try revise(#"{"denial_burst":{"action":"none"}}"#)
    #expect(try raise(burst(1_000)).isEmpty)
    #expect(try raise(burst(30), of: id(.client, 99)).isEmpty)
  }

  @Test("who is suspended is disabled by the same command, and again when enabled again")
  func suspended() throws {
    try revise(#"{"denial_burst":{"action":"suspend"}}"#)
    let token = try ask(from: Self.home, 1)[0]
    let events = try raise(burst(30))
    #expect(events.count == 2)
    guard case .clientDisabled = events[1].body else { throw Unexpected() }
    #expect(events[1].cause == events[0].position)
    #expect(events[1].reason?.contains("denial_burst") == true)
    #expect(events.allSatisfy { $0.actor == .ownGuard && $0.subject == client })
    let issued = try #require(IssuedToken(token))
    #expect(try scene.read { try !issued.isActive(in: $0, at: scene.sequencer.now) })
    #expect(try raise(burst(30)).isEmpty)
    _ = try scene.events(
      scene.perform(.enableClient(EnableClient(client: client, fields: .object([])))))
    #expect(try raise(burst(30)).count == 2)
  }

  @Test("the first network is new to nobody, the next ones are")
  func newNetworks() throws {
    let first = try ask(from: Self.home, 1)
    #expect(first.count == 1)
    let second = try ask(from: Self.elsewhere, 2)
    #expect(second.count == 2)
    guard case .tokenIssued(let token) = second[0].body,
      case .alertRaised(let alert) = second[1].body
    else { throw Unexpected() }
    #expect(token.network == Self.elsewhere)
    #expect(alert.finding == .newNetwork(Self.elsewhere))
    #expect(second[1].cause == second[0].position && second[1].actor == .ownGuard)
    for (number, network) in [Self.home, Self.elsewhere, nil].enumerated() {
      let events = try ask(from: network, UInt64(10 + number))
      #expect(events.count == 1)
      guard case .tokenIssued(let token) = events[0].body else { throw Unexpected() }
      #expect(token.network == nil)
    }
  }

  @Test("who is suspended for a new network gets no token, and is let in from there when enabled")
  func suspendedNetwork() throws {
    try revise(#"{"new_network":{"action":"suspend"}}"#)
    _ = try ask(from: Self.home, 1)
    let events = try ask(from: Self.elsewhere, 2)
    #expect(events.count == 2)
    #expect(events.allSatisfy { IssuedToken($0) == nil })
    _ = try scene.events(
      scene.perform(.enableClient(EnableClient(client: client, fields: .object([])))))
    #expect(try ask(from: Self.elsewhere, 3).count == 1)
  }

  @Test("counts of tokens do not count alerts")
  func statistics() throws {
    try revise(#"{"new_network":{"action":"suspend"}}"#)
    _ = try ask(from: Self.home, 1)
    let before = scene.sequencer.statistics.tokensIssued
    _ = try ask(from: Self.elsewhere, 2)
    #expect(scene.sequencer.statistics.tokensIssued == before)
  }

  private struct Unexpected: Error {}
}
