import CanonicalJSON
import Foundation
import Journal
import Ledger
import Projections
import Sequencer
import Support
import Testing

@Suite("The state")
struct StateTests {
  @Test("it is the same when it is rebuilt from the log alone")
  func rebuild() throws {
    let scene = try busyScene()
    let live = try scene.digest()
    let other = try TemporaryDirectory()
    let (rebuilt, _) = try StateStore.open(other.path, scene.journal)
    #expect(try rebuilt.makeSnapshot().read { try $0.digest() } == live)
    #expect(try rebuilt.makeSnapshot().read { try $0.applied() } == scene.journal.head)
  }

  @Test("it does not depend on how events were gathered into batches", arguments: [1, 2, 7])
  func batches(_ size: UInt64) throws {
    let scene = try busyScene()
    let other = try TemporaryDirectory()
    let store = try StateStore.recreate(other.path, scene.journal)
    let writer = try store.makeWriter()
    var end: UInt64 = 0
    while end < scene.journal.head {
      end = min(end + size, scene.journal.head)
      try writer.catchUp(to: end)
    }
    #expect(try store.makeSnapshot().read { try $0.digest() } == scene.digest())
  }

  @Test("every event changes the digest")
  func digests() throws {
    let scene = try busyScene()
    let other = try TemporaryDirectory()
    let store = try StateStore.recreate(other.path, scene.journal)
    let writer = try store.makeWriter()
    var digests: Set<String> = []
    for end in 1...scene.journal.head {
      try writer.catchUp(to: end)
      digests.insert(try store.makeSnapshot().read { try $0.digest() })
    }
    #expect(digests.count == Int(scene.journal.head))
  }

  @Test("versions of rare things are kept and the last one counts")
  func versions() throws {
    let scene = try busyScene()
    let secret = try scene.read { try $0.secret(id(.secret, 2)) }
    #expect(secret?.expires != nil)
    #expect(try scene.read { try $0.secrets(of: id(.client, 2)).count } == 2)
  }

  @Test("uses of a secret are counted")
  func uses() throws {
    let scene = try busyScene()
    let use = try scene.read { try $0.use(of: id(.secret, 1)) }
    #expect(use?.count == 3)
    #expect(try scene.read { try $0.use(of: id(.secret, 2)) }?.count == nil)
  }

  /// Clients, a rotation, tokens, revocations.
  private func busyScene() throws -> Scene {
    let scene = try Scene()
    _ = try scene.events(scene.perform(.addClient(scene.addClient(2))))
    let rotation = try RotateSecret(
      client: id(.client, 2), secret: scene.verifier(3), fields: .object([]))
    _ = try scene.events(scene.perform(.rotateSecret(rotation)))
    for number: UInt64 in 1...3 {
      _ = try scene.events(scene.perform(scene.issueToken(number)))
    }
    let last = scene.journal.head - 1
    _ = try scene.events(
      scene.perform(.revokeToken(RevokeToken(token: id(.token, 3), issuedAt: last))))
    _ = try scene.events(
      scene.perform(
        .revokeSecret(RevokeSecret(client: id(.client, 2), secret: id(.secret, 3)))))
    return scene
  }
}

@Suite("What the state distrusts")
struct StateTrustTests {
  private let directory: TemporaryDirectory
  private let clock = ManualTime()

  init() throws { directory = try TemporaryDirectory() }

  @Test("a state that fits is continued")
  func continued() throws {
    let journal = MemoryJournal()
    try run(journal, clean: false)
    #expect(try reopen(journal) == nil)
  }

  @Test("the tail of the journal is applied at opening")
  func tail() throws {
    let journal = MemoryJournal()
    try run(journal, clean: true)
    let ahead = MemoryJournal()
    try ahead.append(
      journal.makeReader().events(from: 0, limit: 100, maximumBytes: .max), at: 0)
    let other = try TemporaryDirectory()
    _ = try other.folder("state")
    let more = try Scene(other, journal: ahead, clock: clock, begins: false)
    _ = try more.events(more.perform(more.issueToken(77)))
    let (state, rebuilt) = try StateStore.open(directory.path + "/state", ahead)
    #expect(rebuilt == nil)
    #expect(try state.makeSnapshot().read { try $0.digest() } == more.digest())
  }

  @Test("a copy of the file is not trusted")
  func copied() throws {
    let journal = MemoryJournal()
    try run(journal, clean: true)
    let path = directory.path + "/state/data.mdb"
    try FileManager.default.copyItem(atPath: path, toPath: path + ".copy")
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.moveItem(atPath: path + ".copy", toPath: path)
    #expect(try reopen(journal) == "the state is a copy")
  }

  @Test("a state that is ahead of the journal is not trusted")
  func ahead() throws {
    let journal = MemoryJournal()
    try run(journal, clean: true)
    let shorter = MemoryJournal()
    try shorter.append(
      journal.makeReader().events(from: 0, limit: 5, maximumBytes: .max), at: 0)
    #expect(try reopen(shorter) == "the state is ahead of the journal")
  }

  @Test("the state of another journal is not trusted")
  func foreign() throws {
    let journal = MemoryJournal()
    try run(journal, clean: true)
    let other = MemoryJournal()
    clock.advance(seconds: 1)
    _ = try Scene(TemporaryDirectory(), journal: other, clock: clock)
    #expect(try reopen(other) == "the state belongs to another journal")
  }

  @Test("a file that is no environment is replaced")
  func garbage() throws {
    let journal = MemoryJournal()
    try run(journal, clean: true)
    try String(repeating: "garbage ", count: 2_000).write(
      toFile: directory.path + "/state/data.mdb", atomically: false, encoding: .utf8)
    #expect(try reopen(journal) != nil)
  }

  @Test("an event that cannot be understood stops the projection")
  func unknownEvent() throws {
    let journal = MemoryJournal()
    try run(journal, clean: true)
    let first = try #require(try journal.makeReader().event(at: 0))
    let text = String(decoding: first, as: UTF8.self)
      .replacing("\"position\":0", with: "\"position\":\(journal.head)")
      .replacing("ledger.created", with: "ledger.painted")
    try journal.append([Array(text.utf8)], at: journal.head)
    #expect(throws: JournalError.self) {
      try StateStore.open(directory.path + "/state", journal)
    }
  }

  private func run(_ journal: any Journal, clean: Bool) throws {
    let scene = try Scene(directory, journal: journal, clock: clock)
    scene.sequencer.stop()
    if clean { try scene.state.closeClean() }
  }

  /// Why the state was rebuilt, if it was; whatever it was, it must be right afterwards.
  private func reopen(_ journal: any Journal) throws -> String? {
    let (state, reason) = try StateStore.open(directory.path + "/state", journal)
    let other = try TemporaryDirectory()
    let fresh = try StateStore.recreate(other.path, journal)
    try fresh.makeWriter().catchUp()
    #expect(
      try state.makeSnapshot().read { try $0.digest() }
        == fresh.makeSnapshot().read { try $0.digest() })
    return reason
  }
}
