package import CanonicalJSON

/// A role that a client holds at a place.
package struct Grant: CanonicalObject, Hashable {
  package let id: Identifier
  package let role: RoleReference
  package let place: Place
  package let granted: Timestamp
  /// The event that granted it.
  package let position: Position

  init(_ id: Identifier, _ role: RoleReference, at place: Place, _ event: Event) {
    self.id = id
    self.role = role
    self.place = place
    granted = event.recorded
    position = event.position
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    let account = try reader.optionalIdentifier("account", .account)
    granted = try reader.timestamp("granted")
    id = try reader.identifier("id", .grant)
    position = try reader.position("position")
    let project = try reader.optionalIdentifier("project", .project)
    place = Place(account: account, project: project)
    role = try reader.role("role")
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("account", optional: place.account)
    writer.member("granted", granted.text)
    writer.member("id", id)
    writer.member("position", Int64(position))
    writer.member("project", optional: place.project)
    writer.member("role", role.text)
  }
}

extension Place {
  /// - Parameter project: of the account.
  fileprivate init(account: Identifier?, project: Identifier?) {
    switch (account, project) {
    case (let account?, let project?): self = .project(project, account: account)
    case (let account?, nil): self = .account(account)
    case (nil, _): self = .everything
    }
  }

  package var account: Identifier? {
    switch self {
    case .everything: nil
    case .account(let account), .project(_, let account): account
    }
  }

  package var project: Identifier? {
    guard case .project(let project, _) = self else { return nil }
    return project
  }
}

extension ObjectReader {
  mutating func role(_ name: String) throws(MalformedObject) -> RoleReference {
    guard let role = RoleReference(try string(name)) else { throw malformed(name, "is no role") }
    return role
  }
}
