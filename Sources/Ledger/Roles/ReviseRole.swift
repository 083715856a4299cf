/// Changes a role's name, description or permissions, and so what its holders may do.
package struct ReviseRole: Sendable {
  let role: Identifier
  let name: String?
  /// Nil: stays as it is.
  let description: String??
  let permissions: Set<Permission>?

  /// Reads a merge patch of `{"name","description","permissions"}`.
  ///
  /// - Throws: `Rejection.invalidFields` with every field that is wrong.
  package init(role: Identifier, fields: FieldReader) throws(Rejection) {
    var reader = fields
    self.role = role
    name = reader.has("name") ? reader.roleName("name") : nil
    description =
      reader.has("description")
      ? .some(reader.optionalName("description", scalars: 1...500)) : nil
    permissions = reader.has("permissions") ? reader.permissions("permissions") : nil
    try reader.finish()
  }

  /// No event when nothing is changed.
  package func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    guard let found = try view.role(role) else { throw Rejection.notFound("role") }
    try command.requireRoles(found.permissions.union(permissions ?? []), in: view)
    let name = name == found.name ? nil : name
    let permissions = permissions == found.permissions ? nil : permissions
    let description = description ?? found.description
    let isDescribed = description != found.description
    guard name != nil || permissions != nil || isDescribed else { return [] }
    if let name { try view.requireFreeRoleName(name) }
    let before = RoleRevised.Values(
      description: isDescribed ? found.description : nil, name: name.map { _ in found.name },
      permissions: permissions.map { _ in found.permissions })
    let after = RoleRevised.Values(
      description: isDescribed ? description : nil, name: name, permissions: permissions)
    return [NewEvent(role, .roleRevised(RoleRevised(before: before, after: after)))]
  }
}
