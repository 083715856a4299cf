import Ledger

/// Decoded versions of records. A version never changes once its event is durable, so an entry is
/// right for as long as its position is the one that the table names.
struct RecordCache {
  var keys = VersionCache<SigningKey>()
  var ledgers = VersionCache<LedgerIdentity>()
  var plans = VersionCache<Plan>()
  var accounts = VersionCache<Account>()
  var projects = VersionCache<Project>()
  var clients = VersionCache<Client>()
  var secrets = VersionCache<Secret>()
}

/// At most `capacity` records of one kind; full, it starts afresh.
struct VersionCache<Record> {
  private static var capacity: Int { 16_384 }
  private var entries: [Identifier: (position: Position, record: Record)] = [:]

  func record(_ id: Identifier, at position: Position) -> Record? {
    guard let entry = entries[id], entry.position == position else { return nil }
    return entry.record
  }

  mutating func insert(_ record: Record, _ id: Identifier, at position: Position) {
    if entries.count >= Self.capacity { entries.removeAll(keepingCapacity: true) }
    entries[id] = (position, record)
  }
}
