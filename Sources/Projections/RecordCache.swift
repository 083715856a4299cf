import Ledger

/// Decoded versions of records. A version never changes once its event is durable, so an entry is
/// right for as long as its position is the one that the table names.
struct RecordCache {
  let keys = VersionCache<SigningKey>()
  let signingKey = CurrentRecord<SigningKey>()
  let ledgers = VersionCache<LedgerIdentity>()
  let plans = VersionCache<Plan>()
  let accounts = VersionCache<Account>()
  let projects = VersionCache<Project>()
  let clients = VersionCache<Client>()
  let roles = VersionCache<Role>()
  let holdings = VersionCache<Holdings>()
  let secrets = VersionCache<Secret>()
  let charges = VersionCache<Charge>()
}

/// The record that has a role now, for the one writer, whom nobody changes it behind. Belongs to
/// one thread.
final class CurrentRecord<Record> {
  var record: Record?
}

/// At most `capacity` records of one kind; full, it starts afresh. Belongs to one thread.
final class VersionCache<Record> {
  private static var capacity: Int { 16_384 }
  private var entries: [Identifier: (position: Position, record: Record)] = [:]

  /// Whatever version was inserted last.
  func record(_ id: Identifier) -> Record? { entries[id]?.record }

  /// The version that an event at a position made.
  func record(_ id: Identifier, at position: Position) -> Record? {
    guard let entry = entries[id], entry.position == position else { return nil }
    return entry.record
  }

  func insert(_ record: Record, _ id: Identifier, at position: Position) {
    if entries.count >= Self.capacity { entries.removeAll(keepingCapacity: true) }
    entries[id] = (position, record)
  }
}
