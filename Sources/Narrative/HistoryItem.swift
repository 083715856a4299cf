package import CanonicalJSON
package import Ledger

/// An event as a person reads it: when, who, what, why.
package struct HistoryItem {
  private let event: Event
  /// What the actor was called then; nil for the system.
  private let actorName: String?
  private let what: String
  private let changes: [Change]

  /// - Parameter names: of the moment of the event.
  package init(_ event: Event, _ names: Names) throws {
    self.event = event
    switch event.actor {
    case .client(let id, _, _): actorName = try names.author(id)
    case .system: actorName = nil
    }
    what = try EventWords(event: event, names: names).sentence()
    changes = try Change.all(in: event)
  }

  package var representation: JSON {
    var members: [JSON.Member] = [
      .init("changes", .array(changes.map(\.representation))),
      .init("position", .integer(Int64(event.position))),
      .init("subject", .string(event.subject.text)),
      .init("time", .string(event.recorded.text)), .init("type", .string(type)),
      .init("what", .string(what)), .init("who", who),
    ]
    if let reason = event.reason { members.append(.init("why", .string(reason))) }
    if let cause = event.cause { members.append(.init("cause", .integer(Int64(cause)))) }
    return .object(members)
  }

  private var type: String { Swift.type(of: event.body.data).type }

  private var who: JSON {
    switch event.actor {
    case .client(let id, let address, let token):
      .object(
        [
          .init("address", .string(address)), .init("id", .string(id.text)),
          .init("kind", .string("client")), .init("name", actorName.map { .string($0) } ?? .null),
        ] + (token.map { [.init("token", .integer(Int64($0)))] } ?? []))
    case .system(let name):
      .object([.init("id", .string(name)), .init("kind", .string("system"))])
    }
  }

  package static let columns = [
    "position", "time", "who", "who_name", "address", "token", "what", "why", "type", "subject",
    "changes",
  ]

  /// A cell for each column.
  package var cells: [JSON?] {
    let changes = changes.isEmpty ? nil : JSON.array(changes.map(\.representation))
    return [
      .integer(Int64(event.position)), .string(event.recorded.text), who["id"], who["name"],
      who["address"], who["token"], .string(what), event.reason.map { .string($0) }, .string(type),
      .string(event.subject.text), changes,
    ]
  }

  /// One line.
  package var line: String {
    let who =
      switch event.actor {
      case .client(let id, _, _): actorName.map { "\($0) (\(id.text))" } ?? id.text
      case .system(let name): "the system (\(name))"
      }
    let why = event.reason.map { " Why: \($0)" } ?? ""
    return "\(event.position)  \(event.recorded.text)  \(who): \(what).\(why)\n"
  }
}
