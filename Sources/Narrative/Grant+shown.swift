package import CanonicalJSON
package import Ledger

extension Grant {
  /// With who granted it and why, which its event says; nil when the log does not have that event.
  package func shown(in records: some LedgerRecords) throws -> JSON? {
    guard let event = try records.event(at: position) else { return nil }
    var members: [JSON.Member] = [
      .init("granted", .string(granted.text)),
      .init("granted_by", .string(event.actor.name)), .init("id", .string(id.text)),
      .init("permissions", try records.permissions(of: role).shown),
      .init("position", .integer(Int64(position))),
    ]
    let texts = [
      ("account", place.account?.text), ("project", place.project?.text),
      ("reason", event.reason),
    ]
    members += texts.compactMap { name, text in text.map { .init(name, .string($0)) } }
    return .object(members + (try role.shown(in: records)))
  }
}

extension RoleReference {
  /// `role`, by which it is addressed, and its name; neither for permissions that were listed.
  fileprivate func shown(in records: some LedgerRecords) throws -> [JSON.Member] {
    switch self {
    case .builtIn(let role):
      [.init("name", .string(role.rawValue)), .init("role", .string(role.rawValue))]
    case .defined(let id):
      [.init("name", .string(try records.role(id)?.name ?? "")), .init("role", .string(id.text))]
    case .listed: []
    }
  }
}
