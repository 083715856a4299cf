import CanonicalJSON

/// An event as a row of CSV.
package enum EventRow {
  private static let columns = [
    "position", "recorded", "type", "revision", "subject", "actor", "address", "token", "reason",
    "cause", "data",
  ]

  /// The names of the columns.
  package static var header: [UInt8] { CSV.header(columns) }

  /// - Parameter event: its stored bytes.
  /// - Throws: when they are not canonical JSON.
  package static func of(_ event: [UInt8]) throws -> [UInt8] {
    let members = try JSON.parseCanonical(event)
    let actor = members["actor"]
    return CSV.row(
      columns.map { name in
        switch name {
        case "actor": actor?["id"]
        case "address", "token": actor?[name]
        default: members[name]
        }
      })
  }
}
