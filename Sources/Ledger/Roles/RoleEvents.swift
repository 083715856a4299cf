package import CanonicalJSON

/// A named set of permissions exists.
package struct RoleDefined: EventData, Hashable {
  package static let type = "role.defined"

  package let description: String?
  package let name: String
  package let permissions: Set<Permission>

  init(name: String, description: String?, permissions: Set<Permission>) {
    self.description = description
    self.name = name
    self.permissions = permissions
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    description = try reader.optionalString("description")
    name = try reader.string("name")
    permissions = try reader.permissions("permissions")
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("description", optional: description)
    writer.member("name", name)
    writer.member("permissions", permissions)
  }
}

/// A role was changed, and with it what its holders may do.
package struct RoleRevised: EventData, Hashable {
  package static let type = "role.revised"

  /// The members that changed, and no others. A role may be without a description: missing on one
  /// side there was none, missing on both it did not change.
  package struct Members: CanonicalObject, Hashable {
    package let description: String?
    package let name: String?
    package let permissions: Set<Permission>?

    init(description: String?, name: String?, permissions: Set<Permission>?) {
      self.description = description
      self.name = name
      self.permissions = permissions
    }

    package init(from reader: inout ObjectReader) throws(MalformedObject) {
      description = try reader.optionalString("description")
      name = try reader.optionalString("name")
      permissions = try reader.optionalPermissions("permissions")
    }

    package func write(to writer: inout JSONWriter) {
      writer.member("description", optional: description)
      writer.member("name", optional: name)
      if let permissions { writer.member("permissions", permissions) }
    }
  }

  package let after: Members
  package let before: Members

  init(before: Members, after: Members) {
    self.after = after
    self.before = before
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    after = try reader.object("after", Members.self)
    before = try reader.object("before", Members.self)
    guard (after.name == nil) == (before.name == nil),
      (after.permissions == nil) == (before.permissions == nil), after != before
    else { throw reader.malformed("after", "is no change of before") }
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("after", object: after)
    writer.member("before", object: before)
  }
}

/// A role exists no more. Nobody held it.
package struct RoleRemoved: BareEventData, Hashable {
  package static let type = "role.removed"

  package init() {}
}

extension ObjectReader {
  mutating func permissions(_ name: String) throws(MalformedObject) -> Set<Permission> {
    guard let permissions = try optionalPermissions(name) else {
      throw malformed(name, "is missing")
    }
    return permissions
  }

  /// At least one permission, each once, in the order in which they are written.
  mutating func optionalPermissions(
    _ name: String
  ) throws(MalformedObject) -> Set<Permission>? {
    guard let texts = try optionalStrings(name) else { return nil }
    let permissions = Set(texts.compactMap(Permission.init(rawValue:)))
    guard !permissions.isEmpty, texts == permissions.sorted else {
      throw malformed(name, "are no permissions in their order")
    }
    return permissions
  }
}

extension JSONWriter {
  mutating func member(_ name: StaticString, _ permissions: Set<Permission>) {
    member(name, permissions.sorted)
  }
}

extension Set<Permission> {
  /// The stored form, in the order of the alphabet, which no later permission can change.
  fileprivate var sorted: [String] { map(\.rawValue).sorted() }
}
