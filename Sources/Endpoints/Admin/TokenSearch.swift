import Journal
import Ledger
import Projections

/// Looks for tokens within positions: through those of one client where the client is known, through
/// the log else. Only inside `state.read`.
struct TokenSearch {
  private(set) var found: [FoundToken] = []
  /// The last position that was looked at; nil when all were.
  private(set) var next: Position?

  /// Events that one page may look at: some tens of milliseconds of work.
  private static let effort = 20_000
  private static let portion = 500

  private let state: StateSnapshot
  private let filter: TokenFilter
  private let places: Places
  private let now: Timestamp
  private let isBackwards: Bool
  private let limit: Int
  private var range: Range<Position>
  private var clients: [Identifier: Client] = [:]
  /// Told from the stored bytes, before they are read.
  private let isToken: EventFilter

  init(
    _ state: StateSnapshot, _ filter: TokenFilter, places: Places, now: Timestamp,
    range: Range<Position>, isBackwards: Bool, limit: Int
  ) {
    self.state = state
    self.filter = filter
    self.places = places
    self.now = now
    self.range = range
    self.isBackwards = isBackwards
    self.limit = limit
    isToken = EventFilter(type: TokenIssued.type, subject: nil)
  }

  mutating func run() throws {
    let client = try filter.client ?? filter.secret.map { try state.secret($0)?.client } ?? nil
    if client == nil, filter.secret != nil { return }
    var looked = 0
    while !range.isEmpty, looked < Self.effort {
      let portion = try client.map(tokens) ?? events()
      for (position, bytes) in portion {
        looked += 1
        try look(at: bytes)
        leave(position)
        if found.count == limit {
          next = range.isEmpty ? nil : position
          return
        }
      }
      if portion.isEmpty { range = range.lowerBound..<range.lowerBound }
    }
    next = range.isEmpty ? nil : isBackwards ? range.upperBound : range.lowerBound - 1
  }

  /// Everything up to a position has been looked at.
  private mutating func leave(_ position: Position) {
    range =
      isBackwards
      ? range.lowerBound..<max(position, range.lowerBound)
      : min(position + 1, range.upperBound)..<range.upperBound
  }

  private mutating func look(at bytes: [UInt8]) throws {
    guard isToken.matches(bytes), let token = FoundToken(try Event(canonicalBytes: bytes)),
      filter.fits(token), try isInPlace(token.token.client)
    else { return }
    if let wanted = filter.isActive {
      guard try token.token.isActive(in: state, at: now) == wanted else { return }
    }
    found.append(token)
  }

  private mutating func isInPlace(_ id: Identifier) throws -> Bool {
    if filter.project == nil, filter.account == nil, places == .everywhere { return true }
    guard let client = try clients[id] ?? state.client(id) else { return false }
    clients[id] = client
    return (filter.project == nil || client.project == filter.project)
      && (filter.account == nil || client.account == filter.account)
      && places.contains(account: client.account, project: client.project)
  }

  // MARK: - Where tokens may be

  /// The next events of a client's tokens; none when there are no more.
  private func tokens(of client: Identifier) throws -> [(Position, [UInt8])] {
    let last = range.upperBound - 1
    let positions =
      try isBackwards
      ? state.lastTokens(of: client, upTo: last, limit: Self.portion)
      : state.tokens(of: client, from: range.lowerBound, limit: Self.portion)
    return try positions.filter(range.contains).compactMap { position in
      try state.events.event(at: position).map { (position, $0) }
    }
  }

  /// The next events of the log.
  private func events() throws -> [(Position, [UInt8])] {
    let size = min(Position(Self.portion), range.upperBound - range.lowerBound)
    let start = isBackwards ? range.upperBound - size : range.lowerBound
    let events = try state.events.events(from: start, limit: Int(size), maximumBytes: .max)
    let numbered = events.enumerated().map { (start + Position($0), $1) }
    return isBackwards ? numbered.reversed() : numbered
  }
}
