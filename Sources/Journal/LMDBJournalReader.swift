import LMDB

/// Keeps one reader slot and renews its snapshot for each call.
final class LMDBJournalReader: JournalReader {
  private let transaction: ReadTransaction
  private let events: Table

  init(_ environment: Environment, _ events: Table) throws(LMDBError) {
    self.events = events
    transaction = try environment.beginRead()
    transaction.reset()
  }

  func head() throws(JournalError) -> UInt64 {
    try snapshot { try LMDBJournal.readHead(transaction, events) }
  }

  func event(at position: UInt64) throws(JournalError) -> [UInt8]? {
    try snapshot {
      var found: [UInt8]?
      try transaction.get(events, LMDBJournal.key(position).span) { found = copy($0) }
      return found
    }
  }

  func events(
    from position: UInt64, limit: Int, maximumBytes: Int
  ) throws(JournalError) -> [[UInt8]] {
    guard limit > 0 else { return [] }
    return try snapshot {
      var result: [[UInt8]] = []
      var room = maximumBytes
      try transaction.scan(events, from: LMDBJournal.key(position).span) { key, value in
        let expected = position + UInt64(result.count)
        guard LMDBJournal.position(ofKey: key) == expected else {
          throw JournalError(.damaged, "the event at position \(expected) is missing")
        }
        result.append(copy(value))
        room -= value.count
        return result.count < limit && room > 0
      }
      return result
    }
  }

  private func snapshot<R>(_ body: () throws -> R) throws(JournalError) -> R {
    do {
      try transaction.renew()
      defer { transaction.reset() }
      return try body()
    } catch let error as JournalError {
      throw error
    } catch let error as LMDBError {
      throw JournalError(error)
    } catch {
      throw JournalError(.storage, "\(error)")
    }
  }
}

private func copy(_ span: Span<UInt8>) -> [UInt8] {
  unsafe span.withUnsafeBufferPointer { unsafe Array($0) }
}
