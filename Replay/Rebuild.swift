package import Journal
package import Ledger
import Projections

/// A state that was made from the log alone.
package struct RebuiltState: Sendable {
  package let events: UInt64
  /// Position of the last event; nil of an empty log.
  package var position: Position? { events == 0 ? nil : events - 1 }
  /// See `StateSnapshot.digest`.
  package let digest: String
  package let eventsPerSecond: Int
}

/// Makes the state of the first `count` events. Reads the log, sends nothing.
///
/// - Parameters:
///   - directory: must exist; a state that is there is replaced. No other process may use it.
///   - count: the journal's head unless given.
///   - progress: called now and then with the number of events applied.
@available(*, noasync)
package func rebuild(
  _ journal: any Journal, in directory: String, count: UInt64? = nil,
  progress: (UInt64) -> Void = { _ in }
) throws -> RebuiltState {
  let clock = ContinuousClock()
  let start = clock.now
  let store = try StateStore.recreate(directory, journal)
  try store.makeWriter().catchUp(to: count, progress: progress)
  let seconds = max((clock.now - start) / .seconds(1), 1e-6)
  try store.closeClean()
  let (events, digest) = try store.makeSnapshot().read { (try $0.applied(), try $0.digest()) }
  return RebuiltState(
    events: events, digest: digest, eventsPerSecond: Int(Double(events) / seconds))
}

/// The live state beside one that is rebuilt from the log up to the same event.
package struct Comparison: Sendable {
  package let live: String
  package let rebuilt: RebuiltState

  package var isEqual: Bool { live == rebuilt.digest }
}

/// Compares the state that a server uses, running or not, with the log.
///
/// - Parameters:
///   - statePath: the directory of the live state; only read.
///   - scratch: an empty directory for the rebuilt one; the caller owns it.
@available(*, noasync)
package func compare(
  _ journal: any Journal, statePath: String, scratch: String,
  progress: (UInt64) -> Void = { _ in }
) throws -> Comparison {
  let (applied, live) = try StateStore.openReadOnly(statePath, journal).makeSnapshot().read {
    (try $0.applied(), try $0.digest())
  }
  let rebuilt = try rebuild(journal, in: scratch, count: applied, progress: progress)
  return Comparison(live: live, rebuilt: rebuilt)
}
