package import CanonicalJSON

/// Who caused an event.
package enum Actor: Sendable, Hashable {
  /// A client that authenticated itself, and the network address it came from; with the position
  /// of the token that it showed, unless it showed a secret. Events of before that was recorded
  /// have none.
  case client(Identifier, address: String, token: Position? = nil)
  /// The program itself or its operator at the machine, by the name of what ran.
  case system(String)

  /// The ledger itself, about what it notices.
  package static let ownGuard = Actor.system("guard")

  /// Where the token was issued that a client showed.
  package var token: Position? {
    switch self {
    case .client(_, _, let token): token
    case .system: nil
    }
  }

  /// Where a client came from: its numeric address, or `unix`.
  package var address: String {
    switch self {
    case .client(_, let address, _): address
    case .system: ""
    }
  }
}

extension Actor {
  /// A client's identifier, or the name of what ran.
  package var name: String {
    switch self {
    case .client(let id, _, _): id.text
    case .system(let name): name
    }
  }
}

extension Actor: CanonicalObject {
  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    switch try reader.string("kind") {
    case "client":
      self = .client(
        try reader.identifier("id", .client), address: try reader.string("address"),
        token: try reader.optionalPosition("token"))
    case "system":
      self = .system(try reader.string("id"))
    default:
      throw reader.malformed("kind", "is no kind of actor")
    }
  }

  package func write(to writer: inout JSONWriter) {
    switch self {
    case .client(let id, let address, let token):
      writer.member("address", address)
      writer.member("id", id)
      writer.member("kind", ascii: Self.client)
      writer.member("token", optional: token.map { Int64($0) })
    case .system(let name):
      writer.member("id", name)
      writer.member("kind", "system")
    }
  }

  private static let client = Array("client".utf8)
}
