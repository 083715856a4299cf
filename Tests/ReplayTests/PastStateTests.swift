import CanonicalJSON
import Journal
import Ledger
import Projections
import Replay
import Support
import Testing

@Suite("the past in memory")
struct PastStateTests {
  /// Things of most kinds are made, changed and ended.
  private static func actions(_ scene: Scene) throws -> [Command.Action] {
    let client = id(.client, 40)
    func fields(_ text: String) throws -> JSON { try JSON.parse(Array(text.utf8)) }
    return [
      .addClient(addClient(scene)), scene.issueToken(1, client: 40, secret: 42),
      .defineRole(
        try DefineRole(
          id: id(.role, 43),
          fields: try fields(#"{"name":"Readers","permissions":["audit:read"]}"#))),
      .grantRole(
        try GrantRole(
          id: id(.grant, 44), client: client,
          fields: try fields(#"{"role":"\#(id(.role, 43).text)","reason":"to look"}"#))),
      .rotateSecret(
        try RotateSecret(
          client: client, secret: scene.verifier(45),
          fields: try fields(#"{"overlap_seconds":60}"#))),
      scene.issueToken(2, client: 40, secret: 45),
      .createProject(
        CreateProject(id: id(.project, 46), account: scene.account, name: "Shop", description: nil)),
      .addDomain(
        try AddDomain(
          project: id(.project, 46), fields: try fields(#"{"domain":"shop.example"}"#))),
      .removeDomain(
        RemoveDomain(project: id(.project, 46), domain: DomainName("shop.example")!)),
      .disableClient(try DisableClient(client: client, fields: .object([]))),
      .enableClient(try EnableClient(client: client, fields: .object([]))),
      scene.issueToken(3, client: 40, secret: 45), scene.issueToken(4),
      .revokeSecret(RevokeSecret(client: client, secret: id(.secret, 45))),
      .deleteClient(DeleteClient(client: client)),
    ]
  }

  /// Of identifiers that differ in more than their kind, which the state's keys do not hold.
  private static func addClient(_ scene: Scene) -> AddClient {
    AddClient(
      id: id(.client, 40), charge: id(.charge, 41), project: scene.project, owner: nil,
      metadata: ClientMetadata(
        clientName: "Shop backend", applicationType: .service, appName: "tests", appVersion: "1",
        clientURI: nil, scope: Scope("coreapi")!, audience: "https://ledger.example", mode: .live,
        tokenLifetime: 3_600),
      secret: scene.verifier(42))
  }

  private static func journey() throws -> Scene {
    let scene = try Scene()
    for action in try actions(scene) { _ = try scene.events(scene.perform(action)) }
    return scene
  }

  @Test("at every position it is what rebuild makes of the same events")
  func likeRebuild() throws {
    let scene = try Self.journey()
    let events = try scene.journal.makeReader().events(from: 0, limit: .max, maximumBytes: .max)
      .map { try Event(canonicalBytes: $0) }
    let things = Set(events.flatMap { [$0.subject] + Self.secrets($0) })
    let ids = things.filter { $0.milliseconds >= 1_000_040 }
    let tokens = events.compactMap { IssuedToken($0) }
    var walk = try LogWalk(scene.journal)
    for position in 0..<scene.journal.head {
      try walk.advance(through: position)
      let scratch = try TemporaryDirectory()
      let store = try StateStore.recreate(scratch.path, scene.journal)
      try store.makeWriter().catchUp(to: position + 1)
      try store.makeSnapshot().read { rebuilt in
        for id in ids {
          let (mine, its) = (try Self.record(id, walk.state), try Self.record(id, rebuilt))
          #expect(mine == its)
        }
        let last = try rebuilt.lastVoiding()
        #expect(walk.state.lastVoiding() == last)
        for token in tokens where token.position <= position {
          let mine = try token.obstacle(in: walk.state, at: token.issued)
          let its = try token.obstacle(in: rebuilt, at: token.issued)
          #expect(mine == its)
        }
      }
    }
    #expect(tokens.count == 4)
    #expect(ids.count == 6)
  }

  private static func secrets(_ event: Event) -> [Identifier] {
    switch event.body {
    case .clientAdded(let data): [data.secret.id]
    case .secretRotated(let data): [data.secret.id]
    default: []
    }
  }

  /// All that a state says of a thing, in stored forms.
  private static func record(_ id: Identifier, _ state: some LedgerRecords) throws -> [[UInt8]?] {
    func bytes(_ record: (some CanonicalObject)?) -> [UInt8]? { record?.canonicalBytes() }
    let voided = try state.notValidBefore(id).map { Array(String($0).utf8) }
    let record: [UInt8]? =
      switch id.kind {
      case .ledger: try bytes(state.ledger())
      case .key: try bytes(state.signingKey())
      case .plan: try bytes(state.plan(id))
      case .account: try bytes(state.account(id))
      case .project: try bytes(state.project(id))
      case .client: try bytes(state.client(id))
      case .secret: try bytes(state.secret(id))
      case .role: try bytes(state.role(id))
      case .charge, .grant, .token: nil
      }
    let active = try state.activeSecrets(of: id).flatMap { $0.id.bytes + $0.verifier }
    return [record, voided, try bytes(state.holdings(of: id)), active]
  }

  @Test("a moment is a position or a time, and never one within a command")
  func moments() throws {
    let scene = try Self.journey()
    let reader = try scene.journal.makeReader()
    let head = scene.journal.head
    for position in 0..<head {
      let event = try Event(canonicalBytes: try #require(try reader.event(at: position)))
      let isWithin = event.part.map { $0.index < $0.count - 1 } ?? false
      guard !isWithin else {
        #expect(throws: NoSuchMoment.self) { try reader.moment(.position(position), head: head) }
        continue
      }
      let moment = try reader.moment(.position(position), head: head)
      #expect(moment.position == position)
      #expect(moment.time == event.recorded)
      #expect(try reader.moment(.time(event.recorded), head: head).position >= position)
    }
    #expect(throws: NoSuchMoment.self) { try reader.moment(.position(head), head: head) }
    #expect(throws: NoSuchMoment.self) {
      try reader.moment(.time(Timestamp(seconds: 1)), head: head)
    }
  }

  @Test(
    "a name of a moment is a position in digits or a time", arguments: ["-1", "1e3", "01", "x"])
  func names(_ text: String) {
    #expect(PastMoment.Name(text) == nil)
  }

  @Test("a token's event of a revision that is not known is not skipped")
  func unknownRevision() throws {
    let scene = try Self.journey()
    var events = try scene.journal.makeReader().events(from: 0, limit: .max, maximumBytes: .max)
    let place = try #require(
      events.firstIndex { String(decoding: $0, as: UTF8.self).contains("tok_") })
    let text = String(decoding: events[place], as: UTF8.self)
    for (from, to) in [("\"revision\":2", "\"revision\":3"), ("token.issued", "token.created")] {
      events[place] = Array(text.replacing(from, with: to).utf8)
      let journal = MemoryJournal()
      try journal.append(events, at: 0)
      var walk = try LogWalk(journal)
      #expect(throws: JournalError.self) { try walk.advance(through: journal.head - 1) }
      #expect(walk.next == Position(place))
    }
  }
}
