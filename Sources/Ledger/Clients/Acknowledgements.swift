package import CanonicalJSON

/// The five statements a person accepts before a client is created, and who accepted them.
package struct Acknowledgements: CanonicalObject, Hashable {
  /// The version of the statements below. A changed wording is a new version.
  package static let currentStatement = "2026-11"

  /// What each acknowledgement says, by its name.
  package static let statements: [(name: String, text: String)] = [
    (
      "billing",
      "On creation of the client id and secret the application fee is charged at once to the "
        + "registered billing account."
    ),
    (
      "one_time_secret",
      "The client secret is shown once, on creation. It cannot be shown again; a lost one must be "
        + "replaced, which may affect integrations that use it."
    ),
    (
      "confidentiality",
      "The holder keeps client id and secret confidential and gives them to no unauthorised party."
    ),
    (
      "misuse",
      "The holder answers for all activity carried out with these credentials."
    ),
    (
      "revocation",
      "The provider may revoke credentials that are misused, compromised or used against the usage "
        + "policy."
    ),
  ]

  package static let names = statements.map(\.name)

  package let acknowledgedBy: String
  package let items: [String]
  package let statement: String

  init(by actor: Actor) {
    acknowledgedBy = actor.name
    items = Self.names
    statement = Self.currentStatement
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    acknowledgedBy = try reader.string("acknowledged_by")
    items = try reader.strings("items")
    statement = try reader.string("statement")
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("acknowledged_by", acknowledgedBy)
    writer.member("items", items)
    writer.member("statement", statement)
  }
}
