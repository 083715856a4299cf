package import CanonicalJSON

/// Who caused an event.
package enum Actor: Sendable, Hashable {
  /// A client that authenticated itself, and the network address it came from.
  case client(Identifier, address: String)
  /// The program itself or its operator at the machine, by the name of what ran.
  case system(String)

  /// The ledger itself, about what it notices.
  package static let ownGuard = Actor.system("guard")

  /// Where a client came from: its numeric address, or `unix`.
  var address: String {
    switch self {
    case .client(_, let address): address
    case .system: ""
    }
  }
}

extension Actor {
  /// A client's identifier, or the name of what ran.
  package var name: String {
    switch self {
    case .client(let id, _): id.text
    case .system(let name): name
    }
  }
}

extension Actor: CanonicalObject {
  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    switch try reader.string("kind") {
    case "client":
      self = .client(
        try reader.identifier("id", .client), address: try reader.string("address"))
    case "system":
      self = .system(try reader.string("id"))
    default:
      throw reader.malformed("kind", "is no kind of actor")
    }
  }

  package func write(to writer: inout JSONWriter) {
    switch self {
    case .client(let id, let address):
      writer.member("address", address)
      writer.member("id", id)
      writer.member("kind", ascii: Self.client)
    case .system(let name):
      writer.member("id", name)
      writer.member("kind", "system")
    }
  }

  private static let client = Array("client".utf8)
}
