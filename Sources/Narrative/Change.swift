package import CanonicalJSON
package import Ledger

/// One member of a thing before and after an event.
package struct Change {
  package let member: String
  /// Nil for no value.
  package let from: JSON?
  package let to: JSON?

  package init(member: String, from: JSON?, to: JSON?) {
    self.member = member
    self.from = from
    self.to = to
  }

  /// What an event changed, as its data tell it: `before` and `after`, each the changed members or
  /// the name alone.
  package static func all(in event: Event) throws -> [Change] {
    let data = try JSON.parse(event.body.data.canonicalBytes())
    if case .planActivated = event.body {
      return [Change(member: "plan", from: data["before"], to: data["plan"])]
    }
    let (before, after) = (data["before"], data["after"])
    guard before?.members == nil, after?.members == nil else {
      let names = Set(((before?.members ?? []) + (after?.members ?? [])).map(\.name))
      return names.sorted().map { Change(member: $0, from: before?[$0], to: after?[$0]) }
    }
    guard before != nil || after != nil else { return [] }
    return [Change(member: member(of: event), from: before, to: after)]
  }

  /// What the value is whose before and after are the whole of an event.
  private static func member(of event: Event) -> String {
    if case .clientOwnerChanged = event.body { "owner" } else { "name" }
  }

  package var representation: JSON {
    .object([
      .init("from", from ?? .null), .init("member", .string(member)), .init("to", to ?? .null),
    ])
  }

  /// `token lifetime changed from 3600 to 60`.
  package func words(_ names: Names) throws -> String {
    let name = member.replacing("_", with: " ")
    guard let from else { return "\(name) set to \(try Self.words(to, names))" }
    guard let to else { return "\(name) taken away, it was \(try Self.words(from, names))" }
    return "\(name) changed from \(try Self.words(from, names)) to \(try Self.words(to, names))"
  }

  private static func words(_ value: JSON?, _ names: Names) throws -> String {
    switch value {
    case nil, .null: "nothing"
    case .bool(let value): value ? "yes" : "no"
    case .integer(let value): String(value)
    case .string(let text): try Identifier(text).map(names.words) ?? "\"\(text)\""
    case .array(let elements):
      elements.isEmpty
        ? "none" : try elements.map { try words($0, names) }.joined(separator: ", ")
    case .object: String(decoding: value!.canonicalBytes(), as: UTF8.self)
    }
  }
}
