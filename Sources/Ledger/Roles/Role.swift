package import CanonicalJSON

/// A named set of permissions that somebody defined.
package struct Role: CanonicalObject, Hashable {
  package let id: Identifier
  package let created: Timestamp
  package private(set) var name: String
  package private(set) var description: String?
  package private(set) var permissions: Set<Permission>
  /// When it was removed, if it was.
  package private(set) var removed: Timestamp?

  /// The record that the event makes.
  package init(_ data: RoleDefined, _ event: Event) {
    id = event.subject
    created = event.recorded
    name = data.name
    description = data.description
    permissions = data.permissions
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    created = try reader.timestamp("created")
    description = try reader.optionalString("description")
    id = try reader.identifier("id", .role)
    name = try reader.string("name")
    permissions = try reader.permissions("permissions")
    removed = try reader.optionalTimestamp("removed")
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("created", created.text)
    writer.member("description", optional: description)
    writer.member("id", id)
    writer.member("name", name)
    writer.member("permissions", permissions)
    writer.member("removed", optional: removed?.text)
  }

  func revising(_ data: RoleRevised) -> Role {
    var role = self
    role.name = data.after.name ?? name
    role.permissions = data.after.permissions ?? permissions
    if data.after.description != data.before.description {
      role.description = data.after.description
    }
    return role
  }

  func removed(at time: Timestamp) -> Role {
    var role = self
    role.removed = time
    return role
  }
}
