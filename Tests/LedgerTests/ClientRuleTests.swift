import CanonicalJSON
import Ledger
import Support
import Testing

/// What one may do to a client in each of its states.
@Suite("The life of a client")
struct ClientLifeTests {
  enum Step: String, CaseIterable {
    case edit, disable, enable, revoke, revokeSecret, rotate, delete

    func action() throws -> Command.Action {
      let client = id(.client, 2)
      switch self {
      case .edit: return .editClient(try clientEdit("{\"app_version\":\"2\"}"))
      case .disable: return .disableClient(try DisableClient(client: client, fields: .object([])))
      case .enable: return .enableClient(try EnableClient(client: client, fields: .object([])))
      case .revoke: return .revokeClient(try RevokeClient(client: client, fields: grounds()))
      case .revokeSecret: return .revokeSecret(RevokeSecret(client: client, secret: id(.secret, 2)))
      case .rotate:
        return .rotateSecret(
          try RotateSecret(client: client, secret: otherVerifier, fields: .object([])))
      case .delete: return .deleteClient(DeleteClient(client: client))
      }
    }
  }

  enum State: CaseIterable {
    case active, disabled, revoked, deleted

    var steps: [Step] {
      switch self {
      case .active: []
      case .disabled: [.disable]
      case .revoked: [.revoke]
      case .deleted: [.delete]
      }
    }

    /// The type of the event that a step leads to; an empty one for none, nil for a refusal.
    func outcome(_ step: Step) -> String? {
      switch (self, step) {
      case (.deleted, _): nil
      case (_, .edit): "client.edited"
      case (_, .delete): "client.deleted"
      case (.revoked, _): nil
      case (.active, .disable): "client.disabled"
      case (.active, .enable), (.disabled, .disable): ""
      case (.disabled, .enable): "client.enabled"
      case (_, .revoke): "client.revoked"
      case (_, .revokeSecret): "secret.revoked"
      case (_, .rotate): "secret.rotated"
      }
    }
  }

  @Test("each step from each state", arguments: State.allCases, Step.allCases)
  func steps(_ state: State, _ step: Step) throws {
    let scene = try Self.scene()
    for earlier in state.steps { _ = try scene.events(scene.perform(earlier.action())) }
    switch try scene.decision(step.action()) {
    case .accepted(let events):
      #expect(events.map { type(of: $0.body.data).type }.first ?? "" == state.outcome(step))
    case .rejected(.notFound(let what)):
      #expect(state == .deleted && what == "client")
    case .rejected(.conflict):
      #expect(state == .revoked && state.outcome(step) == nil)
    default: Issue.record("another decision")
    }
  }

  @Test("whoever is below a client does nothing to it", arguments: Step.allCases)
  func rights(_ step: Step) throws {
    let scene = try Self.scene()
    let grant = GrantRole(id: id(.grant, 2), client: id(.client, 2), role: .auditor)
    _ = try scene.events(scene.perform(.grantRole(grant)))
    let all = Set(Permission.allCases)
    for (permissions, refusal) in [
      (all.subtracting([.readAudit]), Rejection.missingPermission(.readAudit)),
      ([], .notFound("client")),
    ] {
      guard case .rejected(refusal) = try scene.decision(step.action(), permissions: permissions)
      else {
        Issue.record("the caller may")
        return
      }
    }
    guard case .accepted = try scene.decision(step.action(), permissions: all) else {
      Issue.record("the caller may not")
      return
    }
  }

  @Test(
    "tokens from before and after", arguments: [Step.disable, .revoke, .revokeSecret, .delete])
  func tokens(_ step: Step) throws {
    let scene = try Self.scene()
    let old = try scene.token(1)
    #expect(try scene.isActive(old))
    _ = try scene.events(scene.perform(step.action()))
    #expect(try !scene.isActive(old))
    guard
      case .rejected(.invalidClient) = try scene.decision(scene.issueToken(2, client: 2, secret: 2))
    else {
      Issue.record("a stopped client got a token")
      return
    }
    guard step == .disable else { return }
    _ = try scene.events(scene.perform(Step.enable.action()))
    #expect(try !scene.isActive(old))
    #expect(try scene.isActive(scene.token(3)))
  }

  @Test("no secret of a stopped client does anything", arguments: [Step.disable, .revoke, .delete])
  func credential(_ step: Step) throws {
    let scene = try Self.scene()
    let token = try scene.token(1)
    let command = Command(
      actor: scene.actor(2), credential: .secret(id(.secret, 2)),
      action: .revokeToken(RevokeToken(token: token.id, issuedAt: token.position)))
    guard case .accepted(let events) = try scene.decision(command), events.count == 1 else {
      Issue.record("the client may not")
      return
    }
    _ = try scene.events(scene.perform(step.action()))
    guard case .rejected(.invalidClient) = try scene.decision(command) else {
      Issue.record("the client may")
      return
    }
  }

  @Test("the name and the id on the wire are free after the end")
  func reuse() throws {
    let scene = try Self.scene()
    _ = try scene.events(scene.perform(Step.delete.action()))
    _ = try scene.events(scene.perform(.addClient(scene.addClient(3, name: "client 2"))))
    let found = try scene.read { state in
      (try state.client(named: "client 2"), try state.client(wireID: id(.client, 2).text))
    }
    #expect(found == (id(.client, 3), nil))
    #expect(try scene.read { try $0.client(id(.client, 2))?.isDeleted } == true)
  }

  @Test("the end of a client ends every secret that it had")
  func secrets() throws {
    for step in [Step.revoke, .delete] {
      let scene = try Self.scene()
      _ = try scene.events(scene.perform(Step.rotate.action()))
      _ = try scene.events(scene.perform(step.action()))
      let secrets = try scene.read { try $0.secrets(of: id(.client, 2)) }
      #expect(secrets.count == 2 && secrets.allSatisfy { $0.revoked != nil })
      #expect(try scene.read { try $0.activeSecrets(of: id(.client, 2)) }.isEmpty)
    }
  }

  static func scene() throws -> Scene {
    let scene = try Scene()
    let client = scene.addClient(2, scope: Scope("coreapi other")!)
    _ = try scene.events(scene.perform(.addClient(client)))
    return scene
  }
}

@Suite("Edits of a client")
struct ClientEditTests {
  @Test("one edit makes an event for each kind of change")
  func kinds() throws {
    let scene = try ClientLifeTests.scene()
    let text = """
      {"client_name":"another name","app_name":"other tests","client_uri":"https://a.example",\
      "owner":"\(id(.client, 2).text)"}
      """
    let events = try scene.events(scene.perform(.editClient(try clientEdit(text))))
    #expect(
      events.map { type(of: $0.body.data).type } == [
        "client.renamed", "client.edited", "client.owner_changed",
      ])
    let client = try #require(try scene.read { try $0.client(id(.client, 2)) })
    #expect(client.metadata.clientName == "another name" && client.owner == client.id)
    #expect(client.metadata.appName == "other tests" && client.metadata.appVersion == "1")
    #expect(client.metadata.clientURI == "https://a.example")
  }

  @Test(
    "an edit that says what is there already makes no event",
    arguments: [
      "{}", "{\"client_name\":\"client 2\"}", "{\"scope\":\"coreapi other\",\"app_version\":\"1\"}",
      "{\"client_uri\":null,\"redirect_uris\":[]}",
    ])
  func nothing(_ text: String) throws {
    let scene = try ClientLifeTests.scene()
    #expect(try scene.events(scene.perform(.editClient(try clientEdit(text)))).isEmpty)
  }

  @Test(
    "tokens that say more than the client may are void",
    arguments: [
      ("{\"scope\":\"coreapi\"}", false), ("{\"scope\":\"other coreapi\"}", true),
      ("{\"scope\":\"more coreapi other\"}", true), ("{\"audience\":\"https://b.example\"}", false),
      ("{\"application_type\":\"native\"}", false), ("{\"application_type\":\"web\"}", true),
      ("{\"token_lifetime\":1}", true), ("{\"redirect_uris\":[\"https://a.example\"]}", true),
    ])
  func voided(_ text: String, _ stays: Bool) throws {
    let scene = try ClientLifeTests.scene()
    let token = try scene.token(1)
    _ = try scene.events(scene.perform(.editClient(try clientEdit(text))))
    #expect(try scene.isActive(token) == stays)
  }

  @Test(
    "a client that holds a role stays one whose tokens can carry it",
    arguments: ["{\"audience\":\"https://b.example\"}", "{\"application_type\":\"native\"}"])
  func unfitForRoles(_ text: String) throws {
    let scene = try ClientLifeTests.scene()
    let edit = Command.Action.editClient(try clientEdit(text))
    guard case .accepted = try scene.decision(edit) else {
      Issue.record("a client without roles is not edited")
      return
    }
    let grant = GrantRole(id: id(.grant, 2), client: id(.client, 2), role: .viewer)
    _ = try scene.events(scene.perform(.grantRole(grant)))
    guard case .rejected(.conflict(_, [id(.client, 2)])) = try scene.decision(edit) else {
      Issue.record("the client is edited")
      return
    }
  }

  @Test("a registration of the first revision has no redirect URIs")
  func firstRevision() throws {
    let old = try Event(canonicalBytes: Golden.named("client.added.1.json").bytes)
    let new = try Event(canonicalBytes: Golden.named("client.added.2.json").bytes)
    #expect(Client.registered(by: [old])?.metadata.redirectURIs == [])
    #expect(Client.registered(by: [new])?.metadata.redirectURIs.count == 3)
    #expect(Client.registered(by: [old])?.status == .active)
  }
}

/// An edit of the second client.
private func clientEdit(_ text: String) throws -> EditClient {
  try EditClient(
    client: id(.client, 2), issuer: "https://ledger.example",
    fields: JSON.parse(Array(text.utf8)))
}

private func grounds() throws -> JSON {
  try JSON.parse(Array("{\"grounds\":\"misuse\",\"reason\":\"seen\"}".utf8))
}

private let otherVerifier = SecretVerifier(
  id: id(.secret, 3), lastFour: "abcd", pepper: "00000000",
  verifier: String(repeating: "w", count: 43))

extension Scene {
  /// What the rules say to an action of the first client, which is not carried out.
  fileprivate func decision(
    _ action: Command.Action, permissions: Set<Permission> = Set(Permission.allCases)
  ) throws -> Decision {
    try decision(Command(actor: actor(1), permissions: permissions, action: action))
  }

  fileprivate func decision(_ command: Command) throws -> Decision {
    try read { try decide(command, $0, now: now) }
  }

  /// A token of the second client.
  fileprivate func token(_ number: UInt64) throws -> IssuedToken {
    let events = try events(perform(issueToken(number, client: 2, secret: 2), as: 2))
    return try #require(IssuedToken(events[0]))
  }

  fileprivate func isActive(_ token: IssuedToken) throws -> Bool {
    try read { try token.isActive(in: $0, at: now) }
  }

  private var now: Timestamp { Timestamp(microseconds: clock.wall()) }
}
