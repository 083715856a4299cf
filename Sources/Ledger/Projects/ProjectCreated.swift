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
