import Journal
import Ledger
import Metrics
import Notary
import Sequencer

extension Exposition {
  /// What the one writer does.
  ///
  /// - Parameter head: the number of events in the log.
  mutating func add(_ sequencer: Sequencer, head: UInt64) {
    let statistics = sequencer.statistics
    add(
      "tallystick_tokens_issued_total", .counter, "Access tokens issued.",
      Double(statistics.tokensIssued))
    add(
      "tallystick_commands_total", .counter, "Commands by what they came to.",
      Outcome.Kind.allCases.map {
        ([("outcome", label($0))], Double(statistics.outcomes[$0] ?? 0))
      })
    add(
      "tallystick_commits_total", .counter, "Batches of events that were made durable.",
      Double(statistics.batchEvents.count))
    add(
      "tallystick_commit_duration_seconds",
      "Time until a batch was durable in the log and visible in the state.",
      [([], statistics.commitMicroseconds)], dividedBy: 1e6)
    add("tallystick_batch_events", "Events that share a commit.", [([], statistics.batchEvents)])
    add("tallystick_log_head", .gauge, "Events in the log.", Double(head))
    add(
      "tallystick_log_last_event_timestamp_seconds", .gauge, "The time of the last event.",
      Double(statistics.lastEvent.microseconds) / 1e6)
    add(
      "tallystick_queue_depth", .gauge, "Commands that wait to be decided.",
      Double(sequencer.queueDepth))
    add(
      "tallystick_queue_limit", .gauge, "Commands that may wait; more are refused.",
      Double(Sequencer.queueLimit))
  }

  /// How far the log is signed for.
  mutating func add(_ notary: Notary) {
    let publication = notary.publication
    add(
      "tallystick_checkpoint_size", .gauge, "Events that the last signed checkpoint covers.",
      Double(publication.size))
    add(
      "tallystick_checkpoint_timestamp_seconds", .gauge, "When the last checkpoint was signed.",
      publication.time)
    add(
      "tallystick_checkpoint_failures_total", .counter, "Checkpoints that could not be made.",
      Double(notary.failures))
  }

  /// How full the stores are.
  ///
  /// - Parameter stores: by name; nil for one without bounds.
  mutating func addStores(_ stores: [(name: String, usage: StorageUsage?)]) {
    let bounded = stores.compactMap { store in store.usage.map { (store.name, $0) } }
    func samples(_ value: (StorageUsage) -> Int) -> [(labels: [Label], value: Double)] {
      bounded.map { name, usage in ([("store", name)], Double(value(usage))) }
    }
    add(
      "tallystick_store_used_bytes", .gauge, "Bytes of the store that hold something, or did.",
      samples(\.usedBytes))
    add(
      "tallystick_store_allocated_bytes", .gauge,
      "Bytes of disk that the store holds, those reserved ahead included.",
      samples(\.allocatedBytes))
    add(
      "tallystick_store_map_bytes", .gauge, "Bytes that the store may grow to.",
      samples(\.mapBytes))
    add(
      "tallystick_store_readers", .gauge, "Readers of the store, of all processes.",
      samples(\.readers))
    add(
      "tallystick_store_reader_slots", .gauge, "Readers that the store can have.",
      samples(\.readerSlots))
  }
}
