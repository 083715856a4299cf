package import CanonicalJSON
package import Ledger

extension Role {
  package var shown: JSON {
    var members: [JSON.Member] = [
      .init("built_in", .bool(false)), .init("created", .string(created.text)),
      .init("id", .string(id.text)), .init("name", .string(name)),
      .init("permissions", permissions.shown),
    ]
    if let description { members.append(.init("description", .string(description))) }
    return .object(members)
  }
}

extension BuiltInRole {
  package var shown: JSON {
    .object([
      .init("built_in", .bool(true)), .init("description", .string(description)),
      .init("id", .string(rawValue)), .init("name", .string(rawValue)),
      .init("permissions", permissions.shown),
    ])
  }
}

extension Set<Permission> {
  package var shown: JSON { .array(ordered.map { .string($0.rawValue) }) }
}
