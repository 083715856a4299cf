import Ledger

/// An event of the log, read as far as the state wants to know it.
enum StoredEvent: Sendable {
  case token(PlainToken)
  case other(Event)

  init(_ bytes: [UInt8]) throws {
    if let token = PlainToken(storedBytes: bytes.span) {
      self = .token(token)
    } else {
      self = .other(try Event(canonicalBytes: bytes))
    }
  }

  var position: Position {
    switch self {
    case .token(let token): token.position
    case .other(let event): event.position
    }
  }
}
