import CanonicalJSON
import Ledger
import Support
import Testing

@Suite("The life of a project")
struct ProjectTests {
  let scene: Scene

  init() throws { scene = try Scene() }

  @Test("an edit says what changed, a value that goes away too")
  func edit() throws {
    let first = try edited(#"{"name":"Billing","description":"Invoices"}"#)
    #expect((first?.before.name, first?.after.name) == ("Operations", "Billing"))
    #expect((first?.before.description, first?.after.description) == (nil, "Invoices"))
    let second = try edited(#"{"name":"Billing","description":"Invoices & more"}"#)
    #expect((second?.before.name, second?.after.name) == (nil, nil))
    #expect(
      (second?.before.description, second?.after.description) == ("Invoices", "Invoices & more"))
    let third = try edited(#"{"description":null}"#)
    #expect((third?.before.description, third?.after.description) == ("Invoices & more", nil))
    for same in ["{}", #"{"description":null}"#, #"{"name":"Billing"}"#] {
      #expect(try edited(same) == nil, "\(same)")
    }
    let project = try #require(try scene.read { try $0.project(scene.project) })
    #expect((project.name, project.description) == ("Billing", nil))
  }

  @Test("names that Unicode holds equal are one name, for they are kept composed")
  func composed() throws {
    #expect(try edited(#"{"name":"Größe"}"#) != nil)
    #expect(try edited("{\"name\":\"Gro\u{308}ße\"}") == nil)
  }

  @Test("with clients it stays, and a hundred of them are named")
  func clients() throws {
    for number: UInt64 in 2...103 {
      _ = try scene.events(scene.perform(.addClient(scene.addClient(number))))
    }
    let rejection = scene.rejection(scene.perform(.deleteProject(DeleteProject(scene.project))))
    guard case .conflict(let what, let things)? = rejection else { throw Mismatch() }
    #expect(what == "the project has clients that are not deleted: 103")
    #expect(things == (1...100).map { id(.client, UInt64($0)) })
  }

  @Test("a deleted one is gone, but not from what was")
  func deletion() throws {
    let project = id(.project, 2)
    let creation = CreateProject(id: project, account: scene.account, name: "P", description: nil)
    _ = try scene.events(scene.perform(.createProject(creation)))
    let deleted = try scene.events(scene.perform(.deleteProject(DeleteProject(project))))
    #expect(
      scene.rejection(scene.perform(.deleteProject(DeleteProject(project)))) == .notFound("project")
    )
    #expect(
      scene.rejection(scene.perform(.addClient(scene.addClient(2, project: project))))
        == .notFound("project"))
    #expect(try scene.read { try $0.project(project) } == nil)
    #expect(try scene.read(asOf: deleted[0].position - 1) { try $0.project(project)?.name } == "P")
  }

  private func edited(_ text: String) throws -> ProjectEdited? {
    let action = try EditProject(scene.project, fields: json(text))
    let events = try scene.events(scene.perform(.editProject(action)))
    guard let event = events.first else { return nil }
    guard case .projectEdited(let data) = event.body else { throw Mismatch() }
    return data
  }
}

@Suite("The scopes that a project defines")
struct DefinedScopeTests {
  let scene: Scene

  init() throws { scene = try Scene() }

  @Test("they are kept in the order of their names")
  func order() throws {
    for name in ["b", "c", "A", "a"] { _ = try define(name) }
    let names = try scene.read { try $0.project(scene.project)?.scopes.map(\.name) }
    #expect(names == ["A", "a", "b", "c"])
    #expect(
      scene.rejection(scene.perform(try definition("b")))
        == .taken(field: "name", "the project has a scope of this name"))
  }

  @Test(
    "names that are none",
    arguments: ["", "a b", "a:b", "\"", "\\", "ü", "\u{7F}", String(repeating: "a", count: 101)])
  func names(_ name: String) {
    #expect(throws: Rejection.self) { try definition(name) }
  }

  @Test("there are two hundred at most")
  func count() throws {
    for number in 0..<200 { _ = try define("s\(number)") }
    guard case .conflict? = scene.rejection(scene.perform(try definition("one.more"))) else {
      throw Mismatch()
    }
  }

  @Test("a project that defined some gives its clients those alone")
  func clients() throws {
    _ = try define("billing.read")
    let other = scene.addClient(2, scope: try #require(Scope("billing.read coreapi other")))
    #expect(
      scene.rejection(scene.perform(.addClient(other)))
        == .invalidFields([
          FieldProblem("scope", "coreapi is not a scope that the project defined"),
          FieldProblem("scope", "other is not a scope that the project defined"),
        ]))
    let fine = scene.addClient(3, scope: try #require(Scope("billing.read")))
    #expect(try scene.events(scene.perform(.addClient(fine))).count == 2)
  }

  @Test("one that a client has is not removed")
  func removal() throws {
    _ = try define("coreapi")
    _ = try define("core")
    #expect(
      scene.rejection(scene.perform(.removeScope(RemoveScope("coreapi", of: scene.project))))
        == .conflict("clients have the scope: 1", [id(.client, 1)]))
    let removed = try scene.events(
      scene.perform(.removeScope(RemoveScope("core", of: scene.project))))
    #expect(removed.count == 1)
    #expect(
      scene.rejection(scene.perform(.removeScope(RemoveScope("core", of: scene.project))))
        == .notFound("scope"))
  }

  @Test("one is found by the very bytes of its name")
  func bytes() throws {
    _ = try define("K")
    let twin = RemoveScope("\u{212A}", of: scene.project)
    #expect(scene.rejection(scene.perform(.removeScope(twin))) == .notFound("scope"))
  }

  @Test("a new description says what it was")
  func edit() throws {
    _ = try define("core")
    let events = try edit(#"{"description":"Everything"}"#)
    guard case .scopeEdited(let data)? = events.first?.body else { throw Mismatch() }
    #expect(
      (data.name, data.before.description, data.after.description) == ("core", "core", "Everything")
    )
    #expect(try edit(#"{"description":"Everything"}"#).isEmpty)
    #expect(try edit("{}").isEmpty)
  }

  private func definition(_ name: String) throws -> Command.Action {
    let fields = JSON.object([
      .init("name", .string(name)), .init("description", .string("core")),
    ])
    return .defineScope(try DefineScope(in: scene.project, fields: fields))
  }

  private func define(_ name: String) throws -> [Event] {
    try scene.events(scene.perform(definition(name)))
  }

  private func edit(_ text: String) throws -> [Event] {
    let action = try EditScope("core", of: scene.project, fields: json(text))
    return try scene.events(scene.perform(.editScope(action)))
  }
}
