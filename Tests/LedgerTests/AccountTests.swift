import CanonicalJSON
import Ledger
import Support
import Testing

@Suite("The life of an account")
struct AccountTests {
  let scene: Scene
  let usd = Currency("USD")!

  init() throws { scene = try Scene() }

  @Test("one edit says what was and what is, an edit of nothing says nothing")
  func edit() throws {
    let other = id(.plan, 2)
    try define(other, "other", currency: "USD")
    let events = try edit(#"{"name":"Größe","plan":"other","reason":"moved"}"#)
    #expect(events.map(\.reason) == ["moved", "moved"])
    guard events.count == 2, case .accountRenamed(let renamed) = events[0].body,
      case .planActivated(let activated) = events[1].body
    else { throw Mismatch() }
    #expect((renamed.before, renamed.after) == ("Operations", "Größe"))
    #expect((activated.before, activated.plan) == (scene.plan, other))
    for same in [#"{"name":"Größe","plan":"other"}"#, #"{"plan":"\#(other.text)"}"#, "{}"] {
      #expect(try edit(same).isEmpty, "\(same)")
    }
    let account = try #require(try scene.read { try $0.account(scene.account) })
    #expect((account.name, account.plan) == ("Größe", other))
  }

  @Test("a plan without a rate in its currency is no plan for it")
  func currency() throws {
    try define(id(.plan, 2), "yen", currency: "JPY")
    let action = try EditAccount(scene.account, fields: json(#"{"plan":"yen"}"#))
    guard
      case .invalidFields(let problems)? = scene.rejection(scene.perform(.editAccount(action)))
    else { throw Mismatch() }
    #expect(problems.map(\.field) == ["plan"])
  }

  @Test("fields that cannot be taken", arguments: [#"{"name":null}"#, #"{"plan":null}"#])
  func fields(_ text: String) {
    #expect(throws: Rejection.self) { try EditAccount(scene.account, fields: json(text)) }
  }

  @Test("while it is suspended nothing is made under it, and tokens stay void after")
  func suspension() throws {
    let (account, project) = try openOther()
    let (before, bystander) = (try issue(1, client: 7), try issue(2, client: 1))
    #expect(try suspend(account).count == 1)
    #expect(try suspend(account).isEmpty)
    #expect(try !isActive(before))
    #expect(try isActive(bystander))
    #expect(
      scene.rejection(scene.perform(scene.issueToken(3, client: 7, secret: 7), as: 7))
        == .invalidClient)
    let conflict = Rejection.conflict("the account \(account.text) is suspended", [account])
    let client = scene.addClient(8, project: project)
    #expect(scene.rejection(scene.perform(.addClient(client))) == conflict)
    let other = CreateProject(id: id(.project, 9), account: account, name: "X", description: nil)
    #expect(scene.rejection(scene.perform(.createProject(other))) == conflict)
    #expect(try resume(account).count == 1)
    #expect(try resume(account).isEmpty)
    #expect(try !isActive(before))
    #expect(try isActive(issue(4, client: 7)))
  }

  /// Another account with a project and client 7: identifiers with numbers that nothing else has.
  private func openOther() throws -> (account: Identifier, project: Identifier) {
    let (account, project) = (id(.account, 5), id(.project, 6))
    let actions: [Command.Action] = [
      .openAccount(OpenAccount(id: account, name: "Other", currency: usd, plan: "standard")),
      .createProject(
        CreateProject(id: project, account: account, name: "Other", description: nil)),
      .addClient(scene.addClient(7, project: project)),
    ]
    for action in actions { _ = try scene.events(scene.perform(action)) }
    return (account, project)
  }

  private func issue(_ number: UInt64, client: UInt64) throws -> IssuedToken {
    let action = scene.issueToken(number, client: client, secret: client)
    return try #require(IssuedToken(try scene.events(scene.perform(action, as: client))[0]))
  }

  @Test("it is closed when its last project is gone, and is gone then")
  func closing() throws {
    let account = id(.account, 2)
    _ = try scene.events(
      scene.perform(.openAccount(OpenAccount(id: account, name: "A", currency: usd, plan: nil))))
    let project = CreateProject(id: id(.project, 2), account: account, name: "P", description: nil)
    _ = try scene.events(scene.perform(.createProject(project)))
    #expect(
      scene.rejection(scene.perform(.closeAccount(CloseAccount(account))))
        == .conflict("the account has projects that are not deleted: 1", [id(.project, 2)]))
    _ = try scene.events(scene.perform(.deleteProject(DeleteProject(id(.project, 2)))))
    let closed = try scene.events(scene.perform(.closeAccount(CloseAccount(account))))
    #expect(
      scene.rejection(scene.perform(.closeAccount(CloseAccount(account)))) == .notFound("account"))
    #expect(try scene.read { try $0.account(account) } == nil)
    #expect(try scene.read(asOf: closed[0].position - 1) { try $0.account(account)?.name } == "A")
  }

  @Test("who lacks the permission changes nothing")
  func permission() throws {
    let actions: [Command.Action] = [
      .editAccount(try EditAccount(scene.account, fields: json(#"{"name":"X"}"#))),
      .suspendAccount(try SuspendAccount(scene.account, fields: json(#"{"reason":"X"}"#))),
      .resumeAccount(try ResumeAccount(scene.account, fields: json("{}"))),
      .closeAccount(CloseAccount(scene.account)),
    ]
    for action in actions {
      let outcome = scene.perform(action, permissions: [.readAccounts])
      #expect(scene.rejection(outcome) == .missingPermission(.writeAccounts))
    }
  }

  private func define(_ plan: Identifier, _ name: String, currency: String) throws {
    let rate = Rate(.applicationFee, Money(1, try #require(Currency(currency))))
    _ = try scene.events(
      scene.perform(.definePlan(DefinePlan(id: plan, name: name, rates: [rate]))))
  }

  private func edit(_ text: String) throws -> [Event] {
    let action = try EditAccount(scene.account, fields: json(text))
    return try scene.events(scene.perform(.editAccount(action), reason: action.reason))
  }

  private func suspend(_ account: Identifier) throws -> [Event] {
    let action = try SuspendAccount(account, fields: json(#"{"reason":"unpaid"}"#))
    return try scene.events(scene.perform(.suspendAccount(action)))
  }

  private func resume(_ account: Identifier) throws -> [Event] {
    let action = try ResumeAccount(account, fields: json("{}"))
    return try scene.events(scene.perform(.resumeAccount(action)))
  }

  private func isActive(_ token: IssuedToken) throws -> Bool {
    try scene.read { try token.isActive(in: $0, at: Timestamp(microseconds: scene.clock.wall())) }
  }
}

struct Mismatch: Error {}

func json(_ text: String) throws -> JSON { try JSON.parse(Array(text.utf8)) }
