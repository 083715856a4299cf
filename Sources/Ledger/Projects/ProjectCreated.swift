package import CanonicalJSON

/// A container for clients, paid for by one account.
package struct ProjectCreated: EventData, Hashable {
  package static let type = "project.created"

  package let account: Identifier
  package let description: String?
  package let name: String

  package init(account: Identifier, name: String, description: String?) {
    self.account = account
    self.name = name
    self.description = description
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    account = try reader.identifier("account", .account)
    description = try reader.optionalString("description")
    name = try reader.string("name")
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("account", account)
    writer.member("description", optional: description)
    writer.member("name", name)
  }
}

/// A project as it stands.
package struct Project: CanonicalObject, Hashable {
  package let id: Identifier
  package let account: Identifier
  package let name: String
  package let description: String?
  /// Set by the server; nobody edits it.
  package let created: Timestamp

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
    description = try reader.optionalString("description")
    id = try reader.identifier("id", .project)
    name = try reader.string("name")
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("account", account)
    writer.member("created", created.text)
    writer.member("description", optional: description)
    writer.member("id", id)
    writer.member("name", name)
  }
}
