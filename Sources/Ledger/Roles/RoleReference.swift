/// What a grant gives.
package enum RoleReference: Sendable, Hashable {
  case builtIn(BuiltInRole)
  case defined(Identifier)
  /// Permissions one by one: the grant of a client that was added with them, before there were
  /// roles. Nobody can make another.
  case listed(Set<Permission>)

  /// What permissions amount to that were listed one by one: who had every one that there was then,
  /// all but `roles:write`, is an owner.
  init(_ listed: Set<Permission>) {
    let all = Set(Permission.allCases).subtracting([.writeRoles])
    self = listed.isSuperset(of: all) ? .builtIn(.owner) : .listed(listed)
  }

  /// Reads the stored form.
  package init?(_ text: String) {
    if let role = BuiltInRole(rawValue: text) {
      self = .builtIn(role)
    } else if let id = Identifier(text, .role) {
      self = .defined(id)
    } else if let permissions = Scope(text)?.permissions, !permissions.isEmpty {
      self = .listed(permissions)
    } else {
      return nil
    }
  }

  /// The name of a built-in role, the identifier of a defined one, or permissions as a scope.
  package var text: String {
    switch self {
    case .builtIn(let role): role.rawValue
    case .defined(let id): id.text
    case .listed(let permissions): Scope(permissions.ordered).text
    }
  }
}
