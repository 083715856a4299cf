import Journal
import Ledger
import Projections
import Support
import Synchronization
import Testing

@testable import Endpoints

@Suite("The day book")
struct DayBookTests {
  private let journal = MemoryJournal()
  private let scene: Scene
  private let observations = Observations()
  private let book: DayBook

  init() throws {
    scene = try Scene(TemporaryDirectory(), journal: journal)
    book = DayBook(
      observations, Gatekeeper(observations, scene.clock), scene.sequencer,
      try scene.state.makeSnapshot())
  }

  private func deny(_ client: Identifier?, minute: Int64, _ what: Denial.What = .failed([])) {
    let source = Source(peer: "203.0.113.7")
    observations.add(
      Denial(
        key: AttemptKey("client", from: source), source: source, client: client, minute: minute,
        what: what))
  }

  private func events(of type: any EventData.Type) throws -> [Event] {
    let stored = try journal.makeReader().events(from: 0, limit: .max, maximumBytes: .max)
    return try stored.map { try Event(canonicalBytes: $0) }
      .filter { Swift.type(of: $0.body.data) == type }
  }

  @Test("a minute is written when it is over, as one command")
  func minutes() throws {
    for _ in 0..<3 { deny(scene.operatorID, minute: 60) }
    deny(nil, minute: 60)
    deny(scene.operatorID, minute: 120, .locked)
    try book.read(observations.take())
    book.write(before: 60)
    #expect(try events(of: AuthenticationDenied.self).isEmpty)
    book.write(before: 120)
    let first = try events(of: AuthenticationDenied.self)
    #expect(first.count == 2)
    #expect(first.allSatisfy { $0.actor == .system("guard") && $0.part?.count == 2 })
    #expect(observations.denialsWaiting.load(ordering: .relaxed) == 1)
    book.write(before: .max)
    #expect(try events(of: AuthenticationDenied.self).count == 3)
    #expect(book.isEmpty)
    #expect(observations.denialsWaiting.load(ordering: .relaxed) == 0)
  }

  @Test("the subject is the client where one is known, else the ledger")
  func subjects() throws {
    deny(scene.operatorID, minute: 60)
    deny(nil, minute: 60, .slowed)
    try book.read(observations.take())
    book.write(before: .max)
    let found = try events(of: AuthenticationDenied.self).map { event in
      guard case .authenticationDenied(let data) = event.body else { return "" }
      return "\(event.subject.kind.rawValue) \(data.cause.rawValue) \(data.source ?? "")"
    }
    #expect(
      Set(found) == ["cli wrong_secret 203.0.113.7", "led unknown_client 203.0.113.7"])
  }

  @Test("what the sequencer does not take waits, and is written once")
  func kept() throws {
    deny(scene.operatorID, minute: 60)
    observations.add(reading())
    journal.setRoom(false)
    try book.read(observations.take())
    book.write(before: .max)
    book.write(before: .max)
    #expect(!book.isEmpty)
    #expect(observations.denialsWaiting.load(ordering: .relaxed) == 1)
    journal.setRoom(true)
    let deadline = ContinuousClock.now + .seconds(20)
    while !book.isEmpty, ContinuousClock.now < deadline { book.write(before: .max) }
    #expect(try events(of: AuthenticationDenied.self).count == 1)
    #expect(try events(of: AuditRead.self).count == 1)
  }

  @Test("readings are summed by client, path and minute, and the reader is the actor")
  func readings() throws {
    for _ in 0..<3 { observations.add(reading()) }
    observations.add(reading(.event))
    try book.read(observations.take())
    book.write(before: .max)
    let found = try events(of: AuditRead.self)
    #expect(found.allSatisfy { $0.actor == scene.actor(1) && $0.subject == id(.ledger, 1) })
    let reads = found.map { event -> AuditRead? in
      guard case .auditRead(let data) = event.body else { return nil }
      return data
    }
    let expected: Set = [
      AuditRead(what: "/admin/events", count: 3, minute: 60),
      AuditRead(what: "/admin/events/{id}", count: 1, minute: 60),
    ]
    #expect(Set(reads) == expected)
  }

  private func reading(_ route: Route = .events) -> Reading {
    Reading(reader: scene.actor(1), route: route, minute: 60)
  }
}
