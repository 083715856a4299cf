import HTTPServer
import Ledger
import Projections

/// A column that no record has and no index knows: everything else being equal, each thing of the
/// list is looked at.
struct ComputedColumn: Sendable {
  let name: String
  /// Every parameter that narrows by it.
  let parameters: [String]
  /// What the parameters of a request ask; nil when they ask nothing.
  let check: @Sendable (FormParameters, StateSnapshot, Moment) throws -> Computed.Check?
  /// Sorted by; nil where it is not.
  let key: Computed.Key?

  /// When a client got its last token.
  static let tokenCreated = ComputedColumn(
    name: "token_created_at",
    parameters: ["token_created_at", "token_created_at.from", "token_created_at.to"],
    check: { query, state, moment in
      guard let positions = try tokenPositions(query, state, moment) else { return nil }
      return { state, client, _ in
        try state.lastTokenPosition(of: client).map(positions.contains) ?? false
      }
    },
    key: { state, client in try state.lastTokenPosition(of: client) })

  /// Whether a secret is accepted.
  static let active = ComputedColumn(
    name: "active", parameters: ["active"],
    check: { query, _, moment in
      guard let text = query["active"] else { return nil }
      guard ["true", "false"].contains(text) else {
        throw Problem.parameter("active", "must be one of true, false")
      }
      return { _, _, record in
        try Secret(canonicalBytes: record).isActive(at: moment.time) == (text == "true")
      }
    },
    key: nil)

  /// Times never run backwards in the log: a range of them is one of positions.
  private static func tokenPositions(
    _ query: FormParameters, _ state: StateSnapshot, _ moment: Moment
  ) throws -> Range<Position>? {
    let (name, end) = ("token_created_at", moment.position + 1)
    let (time, from, to) = (query[name], query[name + ".from"], query[name + ".to"])
    if time == nil, from == nil, to == nil { return nil }
    let range = try Desk.positions(from: from, to: to, name + ".", below: end, state)
    guard let time else { return range }
    guard let exact = Timestamp(internet: time) else {
      throw Problem.parameter(name, "must be a time such as 2026-11-21T05:16:00Z")
    }
    let next = Timestamp(microseconds: exact.microseconds + 1)
    let one = try Desk.positions(from: time, to: next.text, name + ".", below: end, state)
    return range.clamped(to: one)
  }
}
