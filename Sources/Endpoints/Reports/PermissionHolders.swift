import CanonicalJSON
import Ledger
import Projections

extension Report {
  static let permissionHolders = Report(
    name: "permission_holders",
    description:
      "Who holds which permission, where, since when, by whose grant and for what reason.",
    parameters: [
      ReportParameter(
        "permission", "Holders of this permission alone.",
        .choice(Permission.allCases.map(\.rawValue)))
    ],
    columns: [
      "client", "client_id", "client_name", "status", "permission", "place", "place_id",
      "place_name", "role", "role_name", "grant", "since", "since_position", "by", "by_name",
      "reason",
    ]
  ) { past, arguments, rows in
    let ages = RoleAges(past.state)
    try past.clients { client in
      for grant in try past.state.holdings(of: client.id)?.grants ?? [] {
        for permission in try past.state.permissions(of: grant.role).ordered
        where arguments.allow("permission", permission.rawValue) {
          let position = max(grant.position, try ages.age(of: permission, in: grant.role, past))
          try rows(past.cells(client, grant, permission, since: position))
        }
      }
    }
  }
}

extension Past {
  /// - Parameter position: of the grant, or of the revision of the role that gave the permission.
  fileprivate func cells(
    _ client: Client, _ grant: Grant, _ permission: Permission, since position: Position
  ) throws -> [JSON?] {
    let event = try state.event(at: position)
    let by = try event.map { try Author($0.actor, in: self) }
    return [
      .string(client.id.text), .string(client.clientID), .string(client.metadata.clientName),
      .string(client.status.rawValue), .string(permission.rawValue),
    ] + (try cells(grant.place)) + [
      .string(grant.role.text), try roleName(grant.role), .string(grant.id.text),
      event.map { .string($0.recorded.text) }, .integer(Int64(position)), by?.id, by?.name,
      event?.reason.map { .string($0) },
    ]
  }

  private func cells(_ place: Place) throws -> [JSON?] {
    switch place {
    case .everything: [.string("everything"), nil, nil]
    case .account(let id): [.string("account"), .string(id.text), try name(id)]
    case .project(let id, _): [.string("project"), .string(id.text), try name(id)]
    }
  }

  private func roleName(_ role: RoleReference) throws -> JSON? {
    switch role {
    case .builtIn(let role): .string(role.rawValue)
    case .defined(let id): try state.role(id).map { .string($0.name) }
    case .listed: nil
    }
  }
}

/// Since which event roles have had their permissions. Remembers what it found; there are few
/// roles.
private final class RoleAges {
  private let state: StateSnapshot
  private var known: [Identifier: [Permission: Position]] = [:]

  init(_ state: StateSnapshot) { self.state = state }

  /// The event from which on a role has had a permission without a break; the first for those that
  /// never change.
  func age(of permission: Permission, in role: RoleReference, _ past: Past) throws -> Position {
    guard case .defined(let id) = role else { return 0 }
    let ages = try known[id] ?? find(id, past)
    known[id] = ages
    return ages[permission] ?? 0
  }

  private func find(_ role: Identifier, _ past: Past) throws -> [Permission: Position] {
    var ages: [Permission: Position] = [:]
    let history = try state.history(
      of: role, from: 0, through: past.moment.position, limit: .max)
    for position in history {
      guard let permissions = try state.event(at: position)?.rolePermissions else { continue }
      ages = Dictionary(
        uniqueKeysWithValues: permissions.map { ($0, ages[$0] ?? position) })
    }
    return ages
  }
}

extension Event {
  /// What a role gives after the event, if the event says so.
  fileprivate var rolePermissions: Set<Permission>? {
    switch body {
    case .roleDefined(let data): data.permissions
    case .roleRevised(let data): data.after.permissions
    default: nil
    }
  }
}
