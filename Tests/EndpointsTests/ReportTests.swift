import CanonicalJSON
import Ledger
import Projections
import Sequencer
import Support
import Testing

@testable import Endpoints

@Suite("Reports over months")
struct ReportTests {
  private let scene: Scene
  private let state: StateSnapshot

  init() throws {
    scene = try Scene()
    state = try scene.state.makeSnapshot()
  }

  private func pass(days: Double) { scene.clock.advance(seconds: days * 86_400) }

  private func perform(_ action: Command.Action) throws {
    _ = try scene.events(scene.perform(action))
  }

  /// As of now, or of an earlier event.
  private func rows(
    _ report: Report, _ query: String = "", asOf position: Position? = nil
  ) throws -> [[String: JSON]] {
    let moment = try state.read { state in
      let time = try position.flatMap { try state.event(at: $0)?.recorded }
      return Moment(
        position: try position ?? state.head() - 1, time: time ?? scene.sequencer.now)
    }
    let form = try #require(FormParameters(Array(query.utf8)))
    let arguments = try ReportArguments(report.parameters, form)
    var rows: [[String: JSON]] = []
    try report.rows(Past(state: state, moment: moment), arguments) { cells in
      #expect(cells.count == report.columns.count)
      rows.append(
        Dictionary(uniqueKeysWithValues: zip(report.columns, cells.map { $0 ?? .null })))
    }
    return rows
  }

  @Test("a secret is old from the day on that is asked for", arguments: [(100, 2), (101, 0)])
  func age(_ days: Int, _ count: Int) throws {
    try perform(.addClient(scene.addClient(2)))
    pass(days: 100)
    let rows = try rows(.secretsOlderThan, "days=\(days)")
    #expect(rows.count == count)
    #expect(rows.allSatisfy { $0["age_days"] == .integer(100) && $0["last_used"] == .null })
  }

  @Test("a client is dormant from its last token on", arguments: [(90, 2), (91, 1), (101, 0)])
  func dormancy(_ days: Int, _ count: Int) throws {
    try perform(.addClient(scene.addClient(2)))
    pass(days: 10)
    try perform(scene.issueToken(1, client: 2, secret: 2))
    let then = try state.read { try $0.head() - 1 }
    pass(days: 90)
    #expect(try rows(.dormantClients, "days=\(days)").count == count)
    try perform(scene.issueToken(2, client: 2, secret: 2))
    #expect(try rows(.dormantClients, "days=\(days)").count == min(count, 1))
    #expect(try rows(.dormantClients, "days=0", asOf: then).count == 2)
    #expect(try rows(.dormantClients, "days=1", asOf: then).count == 1)
  }

  @Test("a secret expires within the days that are left", arguments: [(1, 0), (2, 1)])
  func expiry(_ days: Int, _ count: Int) throws {
    try rotate(to: 3, overlap: 172_800)
    let rows = try rows(.expiringSecrets, "days=\(days)")
    #expect(rows.count == count)
    #expect(rows.allSatisfy { $0["seconds_left"] == .integer(172_800) })
    pass(days: 2)
    #expect(try self.rows(.expiringSecrets).isEmpty)
  }

  @Test("a rotation takes effect when the overlap ends, where the log then was")
  func effect() throws {
    try rotate(to: 3, overlap: 3_600)
    #expect(try rows(.revocations).map { $0["effect_position"] } == [.null])
    pass(days: 1)
    #expect(try rows(.revocations).map { $0["effect_position"] } == [.null])
    try perform(scene.issueToken(1, client: 1, secret: 3))
    let position = try state.read { try $0.head() - 1 }
    let row = try #require(try rows(.revocations).first)
    #expect(row["effect_position"] == .integer(Int64(position)))
    #expect(row["seconds_to_effect"] == .integer(3_600))
    #expect(try rows(.revocations, "days=0").isEmpty)
  }

  @Test("tokens that had expired were not ended")
  func expiredTokens() throws {
    try perform(scene.issueToken(1))
    pass(days: 1)
    for number: UInt64 in 2...4 { try perform(scene.issueToken(number)) }
    try perform(.revokeSecret(RevokeSecret(client: id(.client, 1), secret: id(.secret, 1))))
    #expect(try rows(.revocations).map { $0["tokens_ended"] } == [.integer(3)])
  }

  @Test("the last use before a moment is found among many tokens, or said to be before them")
  func lastUse() throws {
    try perform(scene.issueToken(1))
    let first = scene.clock.wall()
    try rotate(to: 3, overlap: 2_592_000)
    pass(days: 1)
    let begin = scene.clock.wall()
    for number: UInt64 in 2...1_000 { try perform(scene.issueToken(number, secret: 3)) }
    let found = try state.read { try $0.head() - 1 }
    try perform(scene.issueToken(1_001, secret: 3))
    pass(days: 1)
    try perform(scene.issueToken(1_002))
    #expect(try use(asOf: found) == [.string(Timestamp(microseconds: first).text), .null])
    #expect(
      try use(asOf: found + 1) == [.null, .string(Timestamp(microseconds: begin).text)])
    #expect(try use() == [.string(Timestamp(microseconds: scene.clock.wall()).text), .null])
  }

  private func use(asOf position: Position? = nil) throws -> [JSON?] {
    let row = try #require(try rows(.secretsOlderThan, "days=0", asOf: position).first)
    return [row["last_used"], row["last_used_before"]]
  }

  private func rotate(to secret: UInt64, overlap: Int64) throws {
    let fields = JSON.object([.init("overlap_seconds", .integer(overlap))])
    try perform(
      .rotateSecret(
        RotateSecret(client: id(.client, 1), secret: scene.verifier(secret), fields: fields)))
  }
}
