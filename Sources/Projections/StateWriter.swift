import Journal
package import LMDB
package import Ledger

/// Changes the state; belongs to one thread, and there is one for a state at a time.
package final class StateWriter {
  let store: StateStore
  /// Outlives the batches: a version of a record never changes.
  var cache = RecordCache()
  /// Tokens that the log has and the state will have with the next commit.
  var postponed: [TokenNote] = []
  /// So many that their commit fits into what is reserved on the disk, each token with pages of
  /// its own, and that reading them from the log takes milliseconds.
  static let maximumPostponed = 2_048
  let events: any JournalReader

  init(_ store: StateStore) throws {
    self.store = store
    events = try store.journal.makeReader()
  }

  /// The number of events that the state is made of.
  package func applied() throws -> Position {
    try Marker.read(store.environment.beginRead(), store.tables.marker)?.applied ?? 0
  }

  /// Whether the largest batch there may be will fit on the disk.
  @available(*, noasync)
  package func hasRoom() throws(LMDBError) -> Bool {
    do {
      try store.environment.reserve()
      return true
    } catch {
      guard error.isLackOfSpace else { throw error }
      return false
    }
  }

  /// Begins the next batch of changes.
  @available(*, noasync)
  package func beginBatch() throws -> StateBatch {
    try StateBatch(self, store.environment.beginWrite())
  }

  /// Applies the events that the journal has and the state has not, those that were postponed too.
  ///
  /// - Parameters:
  ///   - end: stop at this many events; the journal's head unless given.
  ///   - progress: called now and then with the number of events applied so far.
  @available(*, noasync)
  package func catchUp(
    to end: Position? = nil, progress: (Position) -> Void = { _ in }
  ) throws {
    postponed = []
    let end = end ?? store.journal.head
    var next = try applied()
    while next < end {
      next = try applyBatch(from: next, to: min(end, next + Self.catchUpBatch))
      progress(next)
    }
  }

  /// Events for each commit while catching up.
  private static let catchUpBatch: Position = 16_384

  @available(*, noasync)
  private func applyBatch(from start: Position, to end: Position) throws -> Position {
    // A short tail fits into what was reserved before; if it does not, the commit says so.
    _ = try hasRoom()
    let batch = try beginBatch()
    var next = start
    var last: [UInt8] = []
    while next < end {
      let stored = try events.events(
        from: next, limit: min(1_000, Int(end - next)), maximumBytes: 4 << 20)
      guard let lastStored = stored.last else {
        throw JournalError(.damaged, "the event at position \(next) is missing")
      }
      let decoded = mapConcurrently(stored) { bytes in
        Result { try StoredEvent(bytes) }
      }
      for event in decoded {
        try batch.apply(event, at: next)
        next += 1
      }
      last = lastStored
    }
    try batch.commit(applied: next, last: last)
    return next
  }
}
