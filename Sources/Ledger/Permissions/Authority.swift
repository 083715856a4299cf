/// What somebody may do, and where.
package struct Authority: Sendable {
  /// Permissions that are held at one place, and so at all that it covers.
  package struct Part: Sendable {
    package let permissions: Set<Permission>
    package let place: Place
  }

  /// Every part has at least one permission.
  package let parts: [Part]

  init(_ parts: [Part]) { self.parts = parts.filter { !$0.permissions.isEmpty } }

  /// Of somebody who holds no role.
  package static let none = Authority([])
  /// Of the program itself and its operator at the machine.
  static let everything = Authority([
    Part(permissions: Set(Permission.allCases), place: .everything)
  ])

  /// What is left of it for the bearer of a token.
  package func narrowed(to permissions: Set<Permission>) -> Authority {
    Authority(
      parts.map {
        Part(permissions: $0.permissions.intersection(permissions), place: $0.place)
      })
  }

  /// What is held at any place.
  package var permissions: Set<Permission> {
    parts.reduce(into: []) { $0.formUnion($1.permissions) }
  }

  package func holds(_ permission: Permission) -> Bool {
    parts.contains { $0.permissions.contains(permission) }
  }

  package func holds(_ permission: Permission, at place: Place) -> Bool {
    parts.contains { $0.permissions.contains(permission) && $0.place.covers(place) }
  }

  /// Whether it reaches a place at all. Who holds nothing there is not to know what stands there,
  /// but that there is a ledger is no secret.
  package func sees(_ place: Place) -> Bool {
    place == .everything || parts.contains { $0.place.covers(place) }
  }

  /// Where a permission is held; nil when nowhere.
  package func places(for permission: Permission) -> Places? {
    let places = parts.filter { $0.permissions.contains(permission) }.map(\.place)
    if places.isEmpty { return nil }
    if places.contains(.everything) { return .everywhere }
    let projects = places.compactMap(\.project)
    let accounts = places.filter { $0.project == nil }.compactMap(\.account)
    return .some(accounts: Set(accounts), projects: Set(projects))
  }

  /// A permission that somebody else holds somewhere and this one does not; nil when there is none.
  func lack(beside other: Authority) -> Permission? {
    for part in other.parts {
      if let lack = lack(of: part.permissions, at: part.place) { return lack }
    }
    return nil
  }

  /// The first of some permissions that is not held at a place; nil when all are.
  func lack(of permissions: Set<Permission>, at place: Place) -> Permission? {
    permissions.ordered.first { !holds($0, at: place) }
  }

  /// The one permission check.
  ///
  /// - Parameter thing: what stands at the place, named to a caller that may not know of it.
  /// - Throws: `notFound` when the place is out of sight, `missingPermission` when it is not.
  package func require(
    _ permission: Permission, at place: Place, hiding thing: String
  ) throws(Rejection) {
    guard sees(place) else { throw .notFound(thing) }
    guard holds(permission, at: place) else { throw .missingPermission(permission) }
  }
}

extension LedgerRecords {
  /// What a client may do by the roles that it holds.
  package func authority(of client: Identifier) throws -> Authority {
    guard let holdings = try holdings(of: client) else { return .none }
    return Authority(
      try holdings.grants.map {
        Authority.Part(permissions: try permissions(of: $0.role), place: $0.place)
      })
  }

  package func permissions(of role: RoleReference) throws -> Set<Permission> {
    switch role {
    case .builtIn(let role): role.permissions
    case .defined(let id): try self.role(id)?.permissions ?? []
    case .listed(let permissions): permissions
    }
  }
}
