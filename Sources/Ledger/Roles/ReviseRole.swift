package import CanonicalJSON

/// Changes a role's name, description or permissions, and so what its holders may do.
package struct ReviseRole: Sendable {
  let role: Identifier
  let name: String?
  /// Nil: stays as it is.
  let description: String??
  let permissions: Set<Permission>?
  package let reason: String?

  /// Reads the merge patch (RFC 7396) `{"name","description","permissions","reason"}`.
  ///
  /// - Throws: `Rejection.invalidFields` with every field that is wrong.
  package init(role: Identifier, fields: JSON) throws(Rejection) {
    var reader = try FieldReader(fields)
    self.role = role
    name = reader.ifPresent("name") { $0.roleName("name") }
    description = reader.ifPresent("description") {
      $0.optionalName("description", scalars: 1...500)
    }
    permissions = reader.ifPresent("permissions") { $0.permissions("permissions") }
    reason = reader.reason()
    try reader.finish()
  }

  /// No event when nothing is changed.
  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    guard let found = try view.role(role) else { throw Rejection.notFound("role") }
    try command.requireRoles(found.permissions.union(permissions ?? []), in: view)
    let name = name == found.name ? nil : name
    let permissions = permissions == found.permissions ? nil : permissions
    let description = description ?? found.description
    let isDescribed = description != found.description
    guard name != nil || permissions != nil || isDescribed else { return [] }
    if let name { try view.requireFreeRoleName(name) }
    let before = RoleRevised.Members(
      description: isDescribed ? found.description : nil, name: name.map { _ in found.name },
      permissions: permissions.map { _ in found.permissions })
    let after = RoleRevised.Members(
      description: isDescribed ? description : nil, name: name, permissions: permissions)
    return [NewEvent(role, .roleRevised(RoleRevised(before: before, after: after)))]
  }
}
