package import CanonicalJSON

/// Defines a role.
package struct DefineRole: Sendable {
  let id: Identifier
  let data: RoleDefined
  package let reason: String?

  /// Reads `{"name","description","permissions","reason"}`.
  ///
  /// - Throws: `Rejection.invalidFields` with every field that is wrong.
  package init(id: Identifier, fields: JSON) throws(Rejection) {
    var reader = try FieldReader(fields)
    self.id = id
    data = RoleDefined(
      name: reader.roleName("name"),
      description: reader.optionalName("description", scalars: 1...500),
      permissions: reader.permissions("permissions"))
    reason = reader.reason()
    try reader.finish()
  }

  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    try command.requireRoles(data.permissions, in: view)
    try view.requireFreeRoleName(data.name)
    return [NewEvent(id, .roleDefined(data))]
  }
}

extension Command {
  /// Roles stand nowhere in particular: who makes or changes one must hold what it gives
  /// everywhere.
  func requireRoles(_ permissions: Set<Permission>, in view: some LedgerView) throws {
    let authority = try authority(in: view)
    let needed = permissions.union([.writeRoles])
    if let lack = authority.lack(of: needed, at: .everything) {
      throw Rejection.missingPermission(lack)
    }
  }
}

extension LedgerView {
  func requireFreeRoleName(_ name: String) throws {
    guard try role(named: name) == nil else {
      throw Rejection.taken(field: "name", "another role has this name")
    }
  }
}

extension FieldReader {
  /// A name that no built-in role has, in whatever letters.
  mutating func roleName(_ field: String) -> String {
    let name = name(field, scalars: 1...50)
    if BuiltInRole(rawValue: name.lowercased()) != nil {
      report(field, "is the name of a built-in role")
    } else if Identifier(name) != nil {
      report(field, "must not be an identifier")
    }
    return name
  }

  /// A list of permissions, each once.
  mutating func permissions(_ field: String) -> Set<Permission> {
    let names = strings(field, count: 1...Permission.allCases.count)
    var permissions: Set<Permission> = []
    for (index, name) in names.enumerated() {
      guard let permission = Permission(rawValue: name) else {
        report("\(field)[\(index)]", "is no permission of this ledger")
        continue
      }
      if !permissions.insert(permission).inserted {
        report("\(field)[\(index)]", "is there twice")
      }
    }
    return permissions
  }
}
