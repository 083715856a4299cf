import Foundation
import Journal
import Ledger
import Projections
import Sequencer
import Support
import Synchronization
import Testing

@Suite("The sequencer")
struct SequencerTests {
  @Test("positions have no gap, and a batch has one time")
  func positions() throws {
    let scene = try Scene()
    let outcomes = performAtOnce(scene, (1...200).map { scene.issueToken($0) })
    let events = try outcomes.flatMap { try scene.events($0) }
    #expect(Set(events.map(\.position)).count == 200)
    let stored = try storedEvents(scene)
    #expect(stored.map(\.position) == Array(0..<UInt64(stored.count)))
    #expect(zip(stored, stored.dropFirst()).allSatisfy { $0.recorded <= $1.recorded })
  }

  @Test("a rejected command leaves nothing and does not hurt its neighbours")
  func rejections() throws {
    let scene = try Scene()
    let head = scene.journal.head
    let digest = try scene.digest()
    let bad = scene.issueToken(500, client: 9)
    guard case .rejected(.invalidClient) = scene.perform(bad) else {
      Issue.record("an unknown client got a token")
      return
    }
    #expect(scene.journal.head == head)
    #expect(try scene.digest() == digest)
    let mixed = performAtOnce(scene, [scene.issueToken(1), bad, scene.issueToken(2)])
    #expect(mixed.filter { if case .committed = $0 { true } else { false } }.count == 2)
    #expect(scene.journal.head == head + 2)
  }

  @Test("a later command of a batch sees the earlier one")
  func order() throws {
    let scene = try Scene()
    let twins = (2...20).map { Command.Action.addClient(scene.addClient($0, name: "twins")) }
    let outcomes = performAtOnce(scene, twins)
    let accepted = outcomes.filter { if case .committed = $0 { true } else { false } }
    let refused = outcomes.filter { if case .rejected(.taken) = $0 { true } else { false } }
    #expect(accepted.count == 1)
    #expect(refused.count == 18)
    #expect(try scene.total(.clients) == 2)
    #expect(try scene.total(.charges) == 2)
  }

  @Test("the same request is carried out once")
  func idempotency() throws {
    let scene = try Scene()
    let request = RequestDigest(key: "key", body: "body")
    let first = try scene.events(
      scene.perform(.addClient(scene.addClient(2)), request: request))
    guard
      case .repeated(let position) = scene.perform(
        .addClient(scene.addClient(3)), request: request)
    else {
      Issue.record("the request was not recognised")
      return
    }
    #expect(position == first[0].position)
    let other = RequestDigest(key: "key", body: "another body")
    guard
      case .rejected(.idempotencyKeyReused) = scene.perform(
        .addClient(scene.addClient(4)), request: other)
    else {
      Issue.record("another body was taken under the same key")
      return
    }
    #expect(try scene.total(.charges) == 2)
  }

  @Test("a command whose credential was revoked meanwhile is refused")
  func overtaken() throws {
    let scene = try Scene()
    let issued = try scene.events(scene.perform(scene.issueToken(1)))[0]
    func addClient(_ number: UInt64) -> Outcome {
      scene.sequencer.perform(
        Command(
          actor: scene.actor(1), permissions: [.writeClients],
          credential: .token(issued.subject, issued.position),
          action: .addClient(scene.addClient(number))))
    }
    _ = try scene.events(addClient(2))
    let revoke = RevokeToken(token: issued.subject, issuedAt: issued.position)
    _ = try scene.events(scene.perform(.revokeToken(revoke)))
    let head = scene.journal.head
    guard case .rejected(.invalidClient) = addClient(3) else {
      Issue.record("a revoked token added a client")
      return
    }
    #expect(scene.journal.head == head)
  }

  @Test("without room nothing is written, reads go on, and it recovers by itself")
  func noRoom() throws {
    let journal = MemoryJournal()
    let scene = try Scene(TemporaryDirectory(), journal: journal)
    let head = journal.head
    journal.setRoom(false)
    guard case .unavailable(.noSpace) = scene.perform(scene.issueToken(1)) else {
      Issue.record("a token was issued without room")
      return
    }
    #expect(scene.sequencer.unavailability == .noSpace)
    #expect(journal.head == head)
    #expect(try scene.total(.clients) == 1)
    journal.setRoom(true)
    let deadline = ContinuousClock.now + .seconds(20)
    while scene.sequencer.unavailability != nil, ContinuousClock.now < deadline { sched_yield() }
    #expect(scene.sequencer.unavailability == nil)
    _ = try scene.events(scene.perform(scene.issueToken(2)))
  }

  @Test("a failed commit ends all writing and acknowledges nothing")
  func poison() throws {
    let journal = MemoryJournal()
    let scene = try Scene(TemporaryDirectory(), journal: journal)
    journal.failNextCommit()
    let outcomes = performAtOnce(scene, (1...30).map { scene.issueToken($0) })
    #expect(outcomes.allSatisfy { if case .committed = $0 { false } else { true } })
    #expect(outcomes.contains { if case .unknown = $0 { true } else { false } })
    scene.sequencer.stop()
    #expect(scene.sequencer.hasFailed)
    #expect(scene.failures.all.count == 1)
    guard case .unavailable(.stopping) = scene.perform(scene.issueToken(99)) else {
      Issue.record("a command was taken after the end")
      return
    }
  }

  @Test("a full queue refuses at once")
  func backPressure() throws {
    let journal = BlockedJournal(MemoryJournal())
    let scene = try Scene(TemporaryDirectory(), journal: journal)
    journal.block()
    let refused = Atomic(0)
    let answered = DispatchGroup()
    for number in 0..<UInt64(Sequencer.queueLimit + 1_500) {
      answered.enter()
      let command = Command(actor: scene.actor(1), action: scene.issueToken(number + 1))
      scene.sequencer.submit(command, to: Inline()) { outcome in
        if case .unavailable(.queueFull) = outcome {
          refused.add(1, ordering: .relaxed)
        }
        answered.leave()
      }
    }
    #expect(refused.load(ordering: .relaxed) >= 1)
    journal.unblock()
    answered.wait()
  }

  @Test("while more waits the state gets tokens later, and nobody can tell")
  func postponed() throws {
    let journal = BlockedJournal(MemoryJournal())
    let scene = try Scene(TemporaryDirectory(), journal: journal)
    let before = journal.head
    journal.block()
    let outcomes = Mutex<[Outcome]>([])
    let answered = DispatchGroup()
    for number: UInt64 in 1...3 {
      answered.enter()
      let command = Command(actor: scene.actor(1), action: scene.issueToken(number))
      scene.sequencer.submit(command, to: Inline()) { outcome in
        outcomes.withLock { $0.append(outcome) }
        answered.leave()
      }
      if number == 1 { journal.waitForAppend() }
    }
    journal.letOneThrough()
    journal.waitForAppend()
    #expect(outcomes.withLock { $0.count } == 1)
    #expect(journal.head == before + 1)
    #expect(try scene.read { try $0.applied() } == before)
    try expectTokens([before], in: scene)
    journal.unblock()
    answered.wait()
    #expect(try scene.read { try $0.applied() } == before + 3)
    try expectTokens([before, before + 1, before + 2], in: scene)
    scene.sequencer.stop()
    let other = try TemporaryDirectory()
    let (rebuilt, _) = try StateStore.open(other.path, journal)
    #expect(try rebuilt.makeSnapshot().read { try $0.digest() } == scene.digest())
  }

  private func expectTokens(_ positions: [Position], in scene: Scene) throws {
    let client = id(.client, 1)
    #expect(try scene.read { try $0.tokens(of: client, from: 0, limit: 9) } == positions)
    #expect(
      try scene.read { try $0.tokens(of: client, from: positions[0] + 1, limit: 1) }
        == Array(positions.dropFirst().prefix(1)))
    #expect(try scene.read { try $0.tokens(of: id(.client, 2), from: 0, limit: 9) } == [])
    #expect(try scene.read { try $0.use(of: id(.secret, 1))?.count } == UInt64(positions.count))
  }

  @Test("what was left to a later commit is in the state after a stop")
  func settled() throws {
    let scene = try Scene()
    let bad = scene.issueToken(500, client: 9)
    for number: UInt64 in 1...200 {
      _ = performAtOnce(scene, [scene.issueToken(number), bad])
    }
    scene.sequencer.stop()
    #expect(try scene.read { try $0.applied() } == scene.journal.head)
  }

  @Test("stopping answers what waits and refuses what comes later")
  func stop() throws {
    let scene = try Scene()
    let outcomes = performAtOnce(scene, (1...50).map { scene.issueToken($0) })
    scene.sequencer.stop()
    #expect(outcomes.allSatisfy { if case .committed = $0 { true } else { false } })
    guard case .unavailable(.stopping) = scene.perform(scene.issueToken(99)) else {
      Issue.record("a command was taken after the stop")
      return
    }
  }

  private func storedEvents(_ scene: Scene) throws -> [Event] {
    try scene.journal.makeReader().events(from: 0, limit: .max, maximumBytes: .max).map {
      try Event(canonicalBytes: $0)
    }
  }
}

@Suite("The sequencer's time")
struct SequencerTimeTests {
  @Test("time never runs backwards in the log")
  func monotone() throws {
    let scene = try Scene()
    let first = try scene.events(scene.perform(scene.issueToken(1)))[0].recorded
    scene.clock.set(by: -3)
    let second = try scene.events(scene.perform(scene.issueToken(2)))[0].recorded
    #expect(second == first)
    #expect(scene.sequencer.now >= second)
  }

  @Test("a clock that is set while running stops writing", arguments: [-11.0, 11.0])
  func drift(_ seconds: Double) throws {
    let scene = try Scene()
    scene.clock.set(by: seconds)
    guard case .unavailable(.clock) = scene.perform(scene.issueToken(1)) else {
      Issue.record("the clock was believed")
      return
    }
    scene.clock.set(by: -seconds)
    _ = try scene.events(scene.perform(scene.issueToken(2)))
  }

  @Test("time that passes is no drift")
  func passing() throws {
    let scene = try Scene()
    scene.clock.advance(seconds: 86_400)
    _ = try scene.events(scene.perform(scene.issueToken(1)))
  }

  @Test("a clock behind the log at start is not believed until confirmed")
  func behind() throws {
    let directory = try TemporaryDirectory()
    let journal = MemoryJournal()
    let scene = try Scene(directory, journal: journal)
    scene.sequencer.stop()
    let late = ManualTime(wall: scene.clock.wall() - 6_000_000)
    let refused = try Scene(directory, journal: journal, clock: late, begins: false)
    guard case .unavailable(.clock) = refused.perform(refused.issueToken(1)) else {
      Issue.record("the clock was believed")
      return
    }
    late.set(by: 60)
    _ = try refused.events(refused.perform(refused.issueToken(2)))
    late.set(by: -60)
    refused.sequencer.stop()
    let confirmed = try Scene(
      directory, journal: journal, clock: late, isClockConfirmed: true, begins: false)
    let event = try confirmed.events(confirmed.perform(confirmed.issueToken(1)))[0]
    #expect(event.recorded.microseconds == late.wall() + 60_000_000)
  }

  @Test("expiry counts whole seconds from the recorded time")
  func expiry() throws {
    let scene = try Scene()
    scene.clock.advance(seconds: 0.75)
    let event = try scene.events(scene.perform(scene.issueToken(1)))[0]
    let token = try #require(IssuedToken(event))
    #expect(token.data.expires == token.issued.seconds + 3_600)
    let last = Timestamp(microseconds: token.data.expires * 1_000_000 - 1)
    #expect(try scene.read { try token.isActive(in: $0, at: last) })
    let end = Timestamp(seconds: token.data.expires)
    #expect(try !scene.read { try token.isActive(in: $0, at: end) })
  }
}

/// Performs actions from many threads at once, so that they share batches.
private func performAtOnce(_ scene: Scene, _ actions: [Command.Action]) -> [Outcome] {
  let outcomes = Mutex([Outcome?](repeating: nil, count: actions.count))
  let answered = DispatchGroup()
  for (index, action) in actions.enumerated() {
    answered.enter()
    let command = Command(
      actor: scene.actor(1), permissions: Set(Permission.allCases), action: action)
    scene.sequencer.submit(command, to: Inline()) { outcome in
      outcomes.withLock { $0[index] = outcome }
      answered.leave()
    }
  }
  answered.wait()
  return outcomes.withLock { $0.compactMap(\.self) }
}

/// Runs the work where it is delivered.
private final class Inline: Mailbox {
  func deliver(_ work: [@Sendable () -> Void]) {
    for item in work { item() }
  }
}

/// Holds every append until it is let go.
private final class BlockedJournal: Journal {
  private let journal: any Journal
  private let isBlocked = Mutex(false)
  private let gate = DispatchSemaphore(value: 0)
  private let arrival = DispatchSemaphore(value: 0)

  init(_ journal: any Journal) { self.journal = journal }

  func block() { isBlocked.withLock { $0 = true } }

  func unblock() {
    isBlocked.withLock { $0 = false }
    gate.signal()
  }

  /// Returns when an append is held.
  func waitForAppend() { arrival.wait() }

  func letOneThrough() { gate.signal() }

  var head: UInt64 { journal.head }

  func reserve() throws(JournalError) { try journal.reserve() }

  func append(_ events: [[UInt8]], at position: UInt64) throws(JournalError) {
    if isBlocked.withLock({ $0 }) {
      arrival.signal()
      gate.wait()
    }
    try journal.append(events, at: position)
  }

  func makeReader() throws(JournalError) -> any JournalReader { try journal.makeReader() }

  func usage() throws(JournalError) -> StorageUsage? { try journal.usage() }
}
