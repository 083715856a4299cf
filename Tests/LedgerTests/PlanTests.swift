import CanonicalJSON
import Ledger
import Support
import Testing

@Suite("The revision of a plan")
struct PlanTests {
  let scene: Scene

  init() throws { scene = try Scene() }

  @Test("it counts, and says what changed alone")
  func revision() throws {
    let events = try revise(
      #"{"rates":[{"item":"application_fee","amount":99,"currency":"USD"}],"name":"standard"}"#)
    guard case .planRevised(let revised)? = events.first?.body else { throw Mismatch() }
    #expect(revised.planRevision == 2)
    #expect(revised.before.name == nil && revised.after.name == nil)
    #expect(revised.before.rates?.map(\.price.amount) == [1_250])
    #expect(revised.after.rates?.map(\.price.amount) == [99])
    let renamed = try revise(#"{"name":"basic"}"#)
    guard case .planRevised(let second)? = renamed.first?.body else { throw Mismatch() }
    #expect(second.planRevision == 3 && second.after.rates == nil)
    #expect((second.before.name, second.after.name) == ("standard", "basic"))
    let charge = try scene.events(scene.perform(.addClient(scene.addClient(2)))).last
    guard case .billingCharged(let charged)? = charge?.body else { throw Mismatch() }
    #expect((charged.total.amount, charged.planRevision) == (99, 3))
  }

  @Test(
    "the same again is no revision",
    arguments: [
      "{}", #"{"name":"standard"}"#,
      #"{"rates":[{"item":"application_fee","amount":1250,"currency":"USD"}]}"#,
    ])
  func nothing(_ text: String) throws {
    #expect(try revise(text).isEmpty)
  }

  @Test("a name that it leaves is free, one that another has is not")
  func names() throws {
    _ = try revise(#"{"name":"basic"}"#)
    _ = try define(2, "standard")
    let taken = Rejection.taken(field: "name", "another plan has this name")
    #expect(scene.rejection(scene.perform(try action(#"{"name":"standard"}"#))) == taken)
    #expect(scene.rejection(scene.perform(definition(3, "basic"))) == taken)
    #expect(try scene.read { try $0.plan(named: "basic") } == scene.plan)
  }

  @Test("it keeps a rate in the currency of every account that is on it")
  func currencies() throws {
    let euro = #"{"rates":[{"item":"application_fee","amount":1,"currency":"EUR"}]}"#
    #expect(
      scene.rejection(scene.perform(try action(euro)))
        == .conflict(
          "accounts that are on the plan pay in a currency without a rate: 1", [scene.account]))
    _ = try define(2, "other")
    let move = try EditAccount(scene.account, fields: json(#"{"plan":"other"}"#))
    _ = try scene.events(scene.perform(.editAccount(move)))
    #expect(try revise(euro).count == 1)
  }

  private func action(_ text: String) throws -> Command.Action {
    .revisePlan(try RevisePlan(scene.plan, fields: json(text)))
  }

  private func revise(_ text: String) throws -> [Event] {
    try scene.events(scene.perform(action(text)))
  }

  private func definition(_ number: UInt64, _ name: String) -> Command.Action {
    let rate = Rate(.applicationFee, Money(1, Currency("USD")!))
    return .definePlan(DefinePlan(id: id(.plan, number), name: name, rates: [rate]))
  }

  private func define(_ number: UInt64, _ name: String) throws -> [Event] {
    try scene.events(scene.perform(definition(number, name)))
  }
}
