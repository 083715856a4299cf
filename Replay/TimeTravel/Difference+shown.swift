package import CanonicalJSON
import Ledger
import Narrative

extension Difference {
  /// `added`, `changed`, `ended`, `passed`: things; `tokens` and `events`: counts.
  package var shown: JSON {
    .object([
      .init("added", things { if case .added = $0 { true } else { false } }),
      .init("changed", things { if case .changed = $0 { true } else { false } }),
      .init("ended", things { if case .ended = $0 { true } else { false } }),
      .init("equal", .bool(isEmpty)), .init("events", events), .init("from", from.shown),
      .init("passed", things { if case .passed = $0 { true } else { false } }),
      .init("to", to.shown),
      .init(
        "tokens",
        .object([
          .init("issued", .integer(Int64(tokensIssued))),
          .init("revoked", .integer(Int64(tokensRevoked))),
          .init("voided_of", .array(voided.map { .string($0.text) })),
        ])),
    ])
  }

  private func things(_ isWanted: (Entry.What) -> Bool) -> JSON {
    .array(entries.filter { isWanted($0.what) }.map(\.representation))
  }

  /// How many of each type there were between the moments, whatever they were about.
  private var events: JSON {
    var members = after.eventCounts.compactMap { type, count -> JSON.Member? in
      let new = count - (before.eventCounts[type] ?? 0)
      return new == 0 ? nil : JSON.Member(type, .integer(Int64(new)))
    }
    let tokens = after.tokenCount - before.tokenCount
    if tokens > 0 { members.append(.init(TokenIssued.type, .integer(Int64(tokens)))) }
    return .object(members)
  }

  /// A line for every difference.
  package var words: [String] {
    get throws {
      let names = Names(state: after)
      var lines = [
        "from position \(from.position), \(from.time.text)",
        "to position \(to.position), \(to.time.text)",
      ]
      for entry in entries { lines += try entry.words(names) }
      if tokensIssued > 0 { lines.append("tokens issued: \(tokensIssued)") }
      if tokensRevoked > 0 { lines.append("tokens revoked one by one: \(tokensRevoked)") }
      for thing in voided {
        lines.append("tokens ended: those of \(Self.word(thing.kind)) \(try names.words(thing))")
      }
      if isEmpty { lines.append("no difference") }
      return lines
    }
  }

  static func word(_ kind: Identifier.Kind) -> String {
    switch kind {
    case .account: "account"
    case .charge: "charge"
    case .client: "client"
    case .grant: "grant"
    case .key: "key"
    case .ledger: "ledger"
    case .plan: "plan"
    case .project: "project"
    case .role: "role"
    case .secret: "secret"
    case .token: "token"
    }
  }
}

extension Difference.Entry {
  var representation: JSON {
    var members: [JSON.Member] = [
      .init("id", .string(id.text)), .init("kind", .string(Difference.word(id.kind))),
      .init("thing", shown),
    ]
    if let position { members.append(.init("position", .integer(Int64(position)))) }
    if case .changed(let changes) = what {
      members.append(.init("changes", .array(changes.map(\.representation))))
    }
    return .object(members)
  }

  /// `+` for what was added, `-` for what ended, `~` for what changed, `±` for what came and went.
  func words(_ names: Names) throws -> [String] {
    let name = try names.words(id)
    let called = name == id.text ? id.text : "\(name) (\(id.text))"
    let thing = "\(Difference.word(id.kind)) \(called)" + (try owner(names))
    switch what {
    case .added: return ["+ \(thing)"]
    case .ended: return ["- \(thing)" + (position == nil ? ", by time" : "")]
    case .passed: return ["± \(thing)"]
    case .changed(let changes):
      return ["~ \(thing)"] + (try changes.map { "    \(try $0.spoken.words(names))" })
    }
  }

  /// Whose it is, where the name does not say it.
  private func owner(_ names: Names) throws -> String {
    switch id.kind {
    case .secret: try whose("client", names)
    case .charge: try whose("account", names)
    case .grant:
      "\(try whose("client", names)): role \(try roleWords(names))"
    default: ""
    }
  }

  private func whose(_ member: String, _ names: Names) throws -> String {
    guard let id = shown[member]?.string.flatMap({ Identifier($0) }) else { return "" }
    return " of \(member) \(try names.words(id))"
  }

  private func roleWords(_ names: Names) throws -> String {
    guard let role = shown["role"]?.string.flatMap(RoleReference.init) else { return "" }
    let place = (shown["project"] ?? shown["account"])?.string.flatMap { Identifier($0) }
    return try String(names.words(role, at: place).dropFirst("role ".count))
  }
}

extension Change {
  /// With the way to a member in words.
  fileprivate var spoken: Change {
    Change(member: member.replacing("/", with: " "), from: from, to: to)
  }
}
