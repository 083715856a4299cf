import CanonicalJSON
import Ledger
import Support
import Testing

@Suite("Authority")
struct AuthorityTests {
  static let places: [Ledger.Place] = [
    .everything, .account(id(.account, 1)), .account(id(.account, 2)),
    .project(id(.project, 1), account: id(.account, 1)),
    .project(id(.project, 2), account: id(.account, 1)),
    .project(id(.project, 3), account: id(.account, 2)),
  ]

  @Test("a place covers itself and what lies in it")
  func covering() {
    let covered = Self.places.map { place in
      Self.places.indices.filter { place.covers(Self.places[$0]) }
    }
    #expect(covered == [[0, 1, 2, 3, 4, 5], [1, 3, 4], [2, 5], [3], [4], [5]])
  }

  @Test("what is held is held at the place of the grant and in it, and narrowed by the token")
  func holding() throws {
    let scene = try RoleTests.scene()
    try RoleTests.grant(scene, 2, "manager", #","account":"\#(scene.account.text)""#)
    let authority = try scene.read { try $0.authority(of: id(.client, 2)) }
    #expect(authority.holds(.writeClients, at: .project(scene.project, account: scene.account)))
    #expect(authority.holds(.writeClients, at: .account(scene.account)))
    #expect(!authority.holds(.writeClients, at: .everything))
    #expect(!authority.holds(.readAudit, at: .account(scene.account)))
    #expect(!authority.sees(.account(id(.account, 2))))
    #expect(authority.sees(.everything))
    #expect(
      authority.places(for: .writeClients) == .some(accounts: [scene.account], projects: []))
    #expect(authority.places(for: .readAudit) == nil)
    let narrowed = authority.narrowed(to: [.readClients])
    #expect(narrowed.permissions == [.readClients])
    #expect(!narrowed.holds(.writeClients, at: .account(scene.account)))
  }

  @Test("nobody holds more than an owner, and every role of the others lacks something")
  func builtIn() {
    #expect(BuiltInRole.owner.permissions == Set(Permission.allCases))
    for role in BuiltInRole.allCases where role != .owner {
      #expect(!role.permissions.contains(.writeRoles))
      #expect(!role.permissions.contains(.writeSystem))
    }
    let reading = Permission.allCases.filter { $0.rawValue.hasSuffix(":read") }
    #expect(BuiltInRole.auditor.permissions == Set(reading))
  }
}

@Suite("Roles")
struct RoleTests {
  /// An owner and a second client without roles.
  static func scene() throws -> Scene {
    let scene = try Scene()
    _ = try scene.events(scene.perform(.addClient(scene.addClient(2))))
    return scene
  }

  static func fields(_ text: String) throws -> JSON { try JSON.parse(Array(text.utf8)) }

  static func granting(
    _ number: UInt64, _ role: String, _ place: String = "", grant: UInt64 = 50
  ) throws -> Command.Action {
    .grantRole(
      try GrantRole(
        id: id(.grant, grant), client: id(.client, number),
        fields: fields("{\"role\":\"\(role)\",\"reason\":\"asked\"\(place)}")))
  }

  static func grant(_ scene: Scene, _ number: UInt64, _ role: String, _ place: String = "") throws {
    _ = try scene.events(scene.perform(granting(number, role, place, grant: 50 + number)))
  }

  static func define(_ number: UInt64, _ text: String) throws -> Command.Action {
    .defineRole(try DefineRole(id: id(.role, number), fields: fields(text)))
  }

  @Test("a role is defined, granted, revised and removed, and its holder may what it says")
  func life() throws {
    let scene = try Self.scene()
    let text = #"{"name":"Custodian","permissions":["secrets:write","clients:read"]}"#
    _ = try scene.events(scene.perform(Self.define(1, text)))
    try Self.grant(scene, 2, "Custodian")
    #expect(try held(scene) == [.readClients, .writeSecrets])
    let patch = try Self.fields(#"{"name":"Keeper","permissions":["clients:read"]}"#)
    let revise = Command.Action.reviseRole(try ReviseRole(role: id(.role, 1), fields: patch))
    #expect(try scene.events(scene.perform(revise)).count == 1)
    #expect(try scene.events(scene.perform(revise)).isEmpty)
    #expect(try held(scene) == [.readClients])
    let remove = Command.Action.removeRole(RemoveRole(role: id(.role, 1)))
    #expect(
      try scene.refusal(remove) == .conflict("clients hold the role: 1", [id(.client, 2)]))
    let withdraw = Command.Action.withdrawRole(
      WithdrawRole(client: id(.client, 2), grant: id(.grant, 52)))
    _ = try scene.events(scene.perform(withdraw))
    #expect(try held(scene).isEmpty)
    _ = try scene.events(scene.perform(remove))
    #expect(try scene.refusal(remove) == .notFound("role"))
    _ = try scene.events(scene.perform(Self.define(2, text.replacing("Custodian", with: "Keeper"))))
  }

  private func held(_ scene: Scene) throws -> Set<Permission> {
    try scene.read { try $0.authority(of: id(.client, 2)).permissions }
  }

  @Test(
    "what cannot be a role",
    arguments: [
      ("{}", ["name", "permissions"]),
      (#"{"name":"Owner","permissions":["clients:read"]}"#, ["name"]),
      (#"{"name":"rol_00000000000000000000000000","permissions":["clients:read"]}"#, ["name"]),
      (#"{"name":"R","permissions":[]}"#, ["permissions"]),
      (
        #"{"name":"R","permissions":["clients:read","x","clients:read",7]}"#,
        ["permissions[3]", "permissions[1]", "permissions[2]", "permissions[3]"]
      ),
      (#"{"name":"R","permissions":"clients:read","more":1}"#, ["permissions", "more"]),
    ])
  func unfit(_ text: String, _ names: [String]) throws {
    do {
      _ = try Self.define(1, text)
      Issue.record("it is a role")
    } catch Rejection.invalidFields(let problems) {
      #expect(problems.map(\.field) == names)
    }
  }

  @Test("a role is granted once at a place, to a client that can use it")
  func conflicts() throws {
    let scene = try Self.scene()
    try Self.grant(scene, 2, "viewer")
    #expect(
      try scene.refusal(Self.granting(2, "viewer"))
        == .conflict("the client holds this role there already", [id(.grant, 52)]))
    _ = try scene.events(
      scene.perform(Self.granting(2, "viewer", #","project":"\#(scene.project.text)""#)))
    let native = scene.addClient(3, type: .native)
    _ = try scene.events(scene.perform(.addClient(native)))
    #expect(
      try scene.refusal(Self.granting(3, "viewer"))
        == .conflict("a native client can hold no role", [id(.client, 3)]))
    #expect(try scene.refusal(Self.granting(9, "viewer")) == .notFound("client"))
  }

  @Test(
    "what nobody has cannot be granted", arguments: ["Viewer", "rol_00000000000000000000000000"])
  func unknown(_ role: String) throws {
    let scene = try Self.scene()
    #expect(
      try scene.refusal(Self.granting(2, role))
        == .invalidFields([FieldProblem("role", "no role has this name or id")]))
  }

  @Test("the last owner stays", arguments: Stop.allCases)
  func lastOwner(_ stop: Stop) throws {
    let scene = try Scene()
    let refusal = try scene.refusal(stop.action(scene))
    #expect(
      refusal == .conflict("nobody else would hold the role owner for everything", [id(.client, 1)])
    )
    try scene.addOwner(9)
    #expect(try scene.refusal(stop.action(scene)) == nil)
  }

  enum Stop: CaseIterable {
    case withdraw, disable, delete, revoke, suspend, domain

    func action(_ scene: Scene) throws -> Command.Action {
      let none = JSON.object([])
      let why = JSON.object([
        .init("grounds", .string("misuse")), .init("reason", .string("seen")),
      ])
      let client = id(.client, 1)
      switch self {
      case .withdraw: return .withdrawRole(WithdrawRole(client: client, grant: id(.grant, 1)))
      case .disable: return .disableClient(try DisableClient(client: client, fields: none))
      case .delete: return .deleteClient(DeleteClient(client: client))
      case .revoke: return .revokeClient(try RevokeClient(client: client, fields: why))
      case .suspend:
        let reason = JSON.object([.init("reason", .string("seen"))])
        return .suspendAccount(try SuspendAccount(scene.account, fields: reason))
      case .domain:
        let fields = try RoleTests.fields(#"{"domain":"shop.example"}"#)
        return .addDomain(try AddDomain(project: scene.project, fields: fields))
      }
    }
  }

  @Test("recovery adds an owner and charges nothing")
  func recovery() throws {
    let scene = try Scene()
    let recover = RecoverOwner(
      client: id(.client, 7), grant: id(.grant, 7), secret: scene.verifier(7))
    let events = try scene.events(scene.perform(.recoverOwner(recover)))
    #expect(events.map { type(of: $0.body.data).type } == ["client.added", "role.granted"])
    #expect(
      try scene.read { try $0.authority(of: id(.client, 7)).permissions }
        == Set(Permission.allCases))
    #expect(try scene.read { try $0.owners().map(\.id) } == [id(.client, 1), id(.client, 7)])
  }
}

extension Scene {
  /// Why the rules refuse an action of the first client; nil when they do not. It is not carried
  /// out.
  fileprivate func refusal(_ action: Command.Action) throws -> Rejection? {
    let command = Command(
      actor: actor(1), permissions: Set(Permission.allCases), action: action)
    let now = Timestamp(microseconds: clock.wall())
    guard case .rejected(let rejection) = try read({ try decide(command, $0, now: now) }) else {
      return nil
    }
    return rejection
  }
}
