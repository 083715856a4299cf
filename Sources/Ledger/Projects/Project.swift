package import CanonicalJSON

/// A project as it stands.
package struct Project: CanonicalObject, Hashable {
  package let id: Identifier
  package let account: Identifier
  package private(set) var name: String
  package private(set) var description: String?
  /// Set by the server; nobody edits it.
  package let created: Timestamp
  /// When it was deleted; nil while it is there.
  package private(set) var deleted: Timestamp?
  /// In the order of their names; none for no restriction.
  package internal(set) var domains: [ProjectDomain] = []
  /// The scopes that its clients may have, in the order of their names; none for any.
  package private(set) var scopes: [DefinedScope] = []

  /// The record that the event makes.
  package init(_ data: ProjectCreated, _ event: Event) {
    id = event.subject
    account = data.account
    name = data.name
    description = data.description
    created = event.recorded
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    account = try reader.identifier("account", .account)
    created = try reader.timestamp("created")
    deleted = try reader.optionalTimestamp("deleted")
    description = try reader.optionalString("description")
    domains = try reader.objects("domains", ProjectDomain.self)
    id = try reader.identifier("id", .project)
    name = try reader.string("name")
    scopes = try reader.objects("scopes", DefinedScope.self)
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("account", account)
    writer.member("created", created.text)
    writer.member("deleted", optional: deleted?.text)
    writer.member("description", optional: description)
    writer.member("domains", objects: domains)
    writer.member("id", id)
    writer.member("name", name)
    writer.member("scopes", objects: scopes)
  }

  /// Bytes of a project with its scopes and domains at most: every change of it stores it anew.
  private static let maximumSize = 131_072

  /// - Throws: `Rejection.conflict` when a change of scopes or domains makes a project too large.
  func requireRoom(after old: Project) throws(Rejection) {
    let size = canonicalBytes().count
    guard size > Self.maximumSize, size > old.canonicalBytes().count else { return }
    throw .conflict(
      "the project with its scopes and domains would take \(size) bytes, and more than "
        + "\(Self.maximumSize) are not taken")
  }

  func edited(_ data: ProjectEdited) -> Project {
    var project = self
    if let name = data.after.name { project.name = name }
    if data.before.description != nil || data.after.description != nil {
      project.description = data.after.description
    }
    return project
  }

  func deleted(at time: Timestamp) -> Project {
    var project = self
    project.deleted = time
    return project
  }

  /// - Parameter scopes: in the order of their names.
  func having(_ scopes: [DefinedScope]) -> Project {
    var project = self
    project.scopes = scopes
    return project
  }
}
