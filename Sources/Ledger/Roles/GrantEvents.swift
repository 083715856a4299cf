package import CanonicalJSON

/// A client holds a role from here on: at one project, at one account, or everywhere.
package struct RoleGranted: EventData, Hashable {
  package static let type = "role.granted"

  package let account: Identifier?
  package let grant: Identifier
  package let project: Identifier?
  /// Built in or defined.
  package let role: RoleReference

  /// - Parameter project: of the account, which is not written beside it.
  init(grant: Identifier, role: RoleReference, at place: Place) {
    project = place.project
    account = project == nil ? place.account : nil
    self.grant = grant
    self.role = role
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    account = try reader.optionalIdentifier("account", .account)
    grant = try reader.identifier("grant", .grant)
    project = try reader.optionalIdentifier("project", .project)
    role = try reader.role("role")
    if case .listed = role { throw reader.malformed("role", "is no role") }
    if account != nil, project != nil {
      throw reader.malformed("project", "has an account beside it")
    }
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("account", optional: account)
    writer.member("grant", grant)
    writer.member("project", optional: project)
    writer.member("role", role.text)
  }
}

/// A client does not hold a role any more.
package struct RoleWithdrawn: EventData, Hashable {
  package static let type = "role.withdrawn"

  package let grant: Identifier

  init(grant: Identifier) { self.grant = grant }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    grant = try reader.identifier("grant", .grant)
  }

  package func write(to writer: inout JSONWriter) { writer.member("grant", grant) }
}
