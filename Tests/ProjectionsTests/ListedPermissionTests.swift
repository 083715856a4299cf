import Journal
import Ledger
import Projections
import Support
import Testing

/// Logs from before there were roles.
@Suite("Permissions that a client was added with")
struct ListedPermissionTests {
  private static let all = Permission.allCases.map(\.rawValue).filter { $0 != "roles:write" }

  @Test(
    "are held everywhere, and are no scope of its own",
    arguments: [
      ("coreapi projects:read clients:write", "coreapi", [Permission.readProjects, .writeClients]),
      ("projects:read", "", [.readProjects]), ("coreapi", "coreapi", []),
      (all.joined(separator: " "), "", Permission.allCases),
    ])
  func held(_ scope: String, _ own: String, _ permissions: [Permission]) throws {
    let scene = try Scene()
    let later = try Self.continued(scene, withAClientOf: scope)
    let (client, authority) = try later.read {
      (try $0.client(id(.client, 8)), try $0.authority(of: id(.client, 8)))
    }
    #expect(client?.metadata.scope.text == own)
    #expect(authority.permissions == Set(permissions))
    #expect(authority.parts.allSatisfy { $0.place == .everything })
    let isOwner = permissions.count == Permission.allCases.count
    #expect(try later.read { try $0.owners().map(\.id).contains(id(.client, 8)) } == isOwner)
    let withdrawal = WithdrawRole(
      client: id(.client, 8), grant: Identifier(.grant, bytes: id(.client, 8).bytes)!)
    let outcome = later.perform(.withdrawRole(withdrawal))
    guard !permissions.isEmpty else { return }
    _ = try later.events(outcome)
    #expect(try later.read { try $0.authority(of: id(.client, 8)).parts.isEmpty })
  }

  /// The ledger with one more event, as the first revision of the program wrote it.
  private static func continued(_ scene: Scene, withAClientOf scope: String) throws -> Scene {
    let journal = scene.journal
    let events = try journal.makeReader().events(from: 0, limit: .max, maximumBytes: .max)
    let added = try #require(
      events.enumerated().first { _, bytes in
        String(decoding: bytes, as: UTF8.self).contains("client.added")
      })
    let old = String(decoding: added.element, as: UTF8.self)
      .replacing(id(.client, 1).text, with: id(.client, 8).text)
      .replacing(id(.secret, 1).text, with: id(.secret, 8).text)
      .replacing("\"client_name\":\"client 1\"", with: "\"client_name\":\"client 8\"")
      .replacing("\"redirect_uris\":[],", with: "")
      .replacing("\"scope\":\"coreapi\"", with: "\"scope\":\"\(scope)\"")
      .replacing("\"part\":[0,2],", with: "")
      .replacing("\"position\":\(added.offset),", with: "\"position\":\(journal.head),")
      .replacing("\"revision\":2", with: "\"revision\":1")
    try journal.append([Array(old.utf8)], at: journal.head)
    let directory = try TemporaryDirectory()
    _ = try directory.folder("state")
    return try Scene(directory, journal: journal, clock: scene.clock, begins: false)
  }
}
