import Ledger
import Support
import Testing

@Suite("A log that goes on from a copy")
struct ContinueLedgerTests {
  private static let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
  let scene: Scene

  init() throws { scene = try Scene() }

  @Test("it has another origin from then on, and all else is as it was")
  func newOrigin() throws {
    let before = try #require(try scene.read { try $0.ledger() })
    let outcome = scene.perform(try Self.action("ledger.example/2", from: "a"))
    let event = try #require(try scene.events(outcome).first)
    guard case .ledgerContinued(let data) = event.body else {
      Issue.record("\(event)")
      return
    }
    #expect(data.previous == SignedSize(origin: "a", size: 70, root: Self.root))
    #expect(event.subject == before.id)
    let after = try #require(try scene.read { try $0.ledger() })
    #expect((after.origin, after.issuer) == ("ledger.example/2", before.issuer))
    #expect((after.id, after.created) == (before.id, before.created))
  }

  @Test("a new origin is neither the ledger's own nor that of the checkpoint")
  func usedOrigin() throws {
    for (origin, previous) in [("ledger.example", "a"), ("a", "a")] {
      let outcome = scene.perform(try Self.action(origin, from: previous))
      guard case .conflict = scene.rejection(outcome) else {
        Issue.record("\(outcome)")
        continue
      }
    }
    #expect(try scene.read { try $0.ledger() }?.origin == "ledger.example")
  }

  @Test("an origin is the name of a key", arguments: ["", "a b", "a+b"])
  func noName(_ origin: String) {
    #expect(throws: Rejection.self) { try Self.action(origin, from: "a") }
  }

  private static func action(_ origin: String, from previous: String) throws -> Command.Action {
    .continueLedger(
      try ContinueLedger(
        origin: origin, previous: SignedSize(origin: previous, size: 70, root: root)))
  }
}
