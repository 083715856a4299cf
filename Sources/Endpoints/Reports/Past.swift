import CanonicalJSON
import Ledger
import Projections

/// The ledger as it stood at a moment, for one reader. Whoever walks through all things of a kind
/// takes a new snapshot for every some hundreds, so that a long walk does not keep the state's old
/// pages: of what it reads every version is kept.
struct Past {
  let state: StateSnapshot
  let moment: Moment

  /// So many at a time.
  static let step = 500

  /// Lends every client that was not deleted, in the order of identifiers. The state may be read in
  /// `body`.
  func clients(_ body: (Client) throws -> Void) throws {
    try walk {
      try state.clients(after: $0, limit: $1)
    } id: {
      $0.id
    } body: { client in
      if !client.isDeleted { try body(client) }
    }
  }

  /// Lends every secret that has not ended, in the order of identifiers, and its client.
  func activeSecrets(_ body: (Secret, Client) throws -> Void) throws {
    try walk {
      try state.secrets(after: $0, limit: $1)
    } id: {
      $0.id
    } body: { secret in
      guard secret.isActive(at: moment.time), let client = try state.client(secret.client) else {
        return
      }
      try body(secret, client)
    }
  }

  /// Lends every event of some types, recorded at a time or later, in the order of the log. Not
  /// inside a read.
  func events(
    ofTypes types: [String], since time: Timestamp, _ body: (Event) throws -> Void
  ) throws {
    let positions = try state.read(asOf: moment.position) { state in
      let start = try firstPosition(since: time)
      return try types.flatMap { try state.events(ofType: $0, from: start) }.sorted()
    }
    for position in positions { try state.event(at: position).map(body) }
  }

  /// The first event recorded at a time or later; behind the moment when there was none by then.
  func firstPosition(since time: Timestamp) throws -> Position {
    let before = Timestamp(microseconds: time.microseconds - 1)
    return try state.events.lastPosition(at: before, below: moment.position + 1).map { $0 + 1 } ?? 0
  }

  private func walk<Record>(
    _ records: (_ last: Identifier?, _ limit: Int) throws -> [Record],
    id: (Record) -> Identifier, body: (Record) throws -> Void
  ) throws {
    var last: Identifier?
    var isAtEnd = false
    while !isAtEnd {
      try state.read(asOf: moment.position) { _ in
        let found = try records(last, Self.step)
        for record in found { try body(record) }
        last = found.last.map(id)
        isAtEnd = found.count < Self.step
      }
    }
  }

  /// Some days before the moment; the beginning of 1970 when that is later.
  func daysAgo(_ days: Int64) -> Timestamp {
    Timestamp(microseconds: max(0, moment.time.microseconds - days * Self.day))
  }

  /// Whole days from a time to the moment.
  func days(since time: Timestamp) -> Int64 {
    (moment.time.microseconds - time.microseconds) / Self.day
  }

  private static let day: Int64 = 86_400_000_000
}
