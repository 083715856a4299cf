import Foundation
package import Journal
package import Ledger
package import Projections
import Synchronization

/// The one writer: queue → decide → append → commit → answer.
///
/// All commands that wait are decided as one batch with one time, appended with one commit of the
/// journal and one of the state; while a batch is being made durable the next one gathers. An
/// answer of `committed` is given only after the events are durable and whoever reads the state
/// sees them. While more waits, a batch of nothing but tokens is left to a later commit of the
/// state.
package final class Sequencer: Sendable {
  /// Commands that may wait; more are answered with `queueFull`.
  package static let queueLimit = 2_048

  /// One submitted command and the way back.
  final class Entry: Sendable {
    let command: Command
    let mailbox: any Mailbox
    let completion: @Sendable (Outcome) -> Void

    init(
      _ command: Command, _ mailbox: any Mailbox,
      _ completion: @escaping @Sendable (Outcome) -> Void
    ) {
      self.command = command
      self.mailbox = mailbox
      self.completion = completion
    }
  }

  private struct Queue {
    var entries: [Entry] = []
    var isAsleep = false
    var isStopping = false
  }

  private let queue = Mutex(Queue())
  private let wake = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)
  private let health: Mutex<Unavailability?> = Mutex(nil)
  private let failed = Atomic(false)
  private let counts: Mutex<Statistics>
  private let clock: any TimeSource
  private let lastRecorded: Atomic<Int64>
  /// Seconds until writing is tried again when it was not possible.
  private let retryInterval = 1.0

  private init(_ clock: any TimeSource, last: Timestamp) {
    self.clock = clock
    lastRecorded = Atomic(last.microseconds)
    counts = Mutex(Statistics(lastEvent: last))
  }

  /// Starts the writing thread.
  ///
  /// - Parameters:
  ///   - isClockConfirmed: an operator vouches for the wall clock as it is now.
  ///   - onFailure: called once, on the writing thread, when nothing can be written any more and
  ///     the process should end; the batch at hand was answered with `unknown`, what waited behind
  ///     it with `stopping`.
  package static func start(
    journal: any Journal, state: StateStore, clock: any TimeSource = SystemTime(),
    isClockConfirmed: Bool = false, onFailure: @escaping @Sendable (any Error) -> Void
  ) throws -> Sequencer {
    let last = try lastRecorded(journal)
    let sequencer = Sequencer(clock, last: last)
    let thread = Thread {
      let guardian = ClockGuard(clock, last: last, isConfirmed: isClockConfirmed)
      do {
        let writer = try BatchWriter(journal, state.makeWriter(), guardian)
        try sequencer.run(writer)
      } catch {
        sequencer.fail()
        onFailure(error)
      }
      sequencer.ended.signal()
    }
    thread.name = "sequencer"
    thread.start()
    return sequencer
  }

  private static func lastRecorded(_ journal: any Journal) throws -> Timestamp {
    let head = journal.head
    guard head > 0, let bytes = try journal.makeReader().event(at: head - 1) else {
      return Timestamp(microseconds: 0)
    }
    do {
      return try Event(canonicalBytes: bytes).recorded
    } catch {
      throw JournalError(.damaged, "the event at position \(head - 1) cannot be read: \(error)")
    }
  }

  /// Queues a command. The completion runs once, in the mailbox.
  package func submit(
    _ command: Command, to mailbox: any Mailbox,
    _ completion: @escaping @Sendable (Outcome) -> Void
  ) {
    let entry = Entry(command, mailbox, completion)
    let (refusal, mustWake) = queue.withLock { queue -> (Unavailability?, Bool) in
      if queue.isStopping { return (.stopping, false) }
      if queue.entries.count >= Self.queueLimit { return (.queueFull, false) }
      queue.entries.append(entry)
      defer { queue.isAsleep = false }
      return (nil, queue.isAsleep)
    }
    if mustWake { wake.signal() }
    if let refusal {
      counts.withLock { $0.count(.unavailable(refusal)) }
      mailbox.deliver([{ completion(.unavailable(refusal)) }])
    }
  }

  /// Queues a command and waits for its outcome: for programs without a loop.
  @available(*, noasync)
  package func perform(_ command: Command) -> Outcome {
    let answer = Mutex<Outcome?>(nil)
    let done = DispatchSemaphore(value: 0)
    submit(command, to: ImmediateMailbox()) { outcome in
      answer.withLock { $0 = outcome }
      done.signal()
    }
    done.wait()
    return answer.withLock { $0! }
  }

  /// The time for reads: the wall clock, but never before the last event. Any thread.
  package var now: Timestamp {
    Timestamp(microseconds: max(clock.wall(), lastRecorded.load(ordering: .acquiring)))
  }

  /// Why nothing could be written at the last try; nil when all is well.
  package var unavailability: Unavailability? { health.withLock { $0 } }

  /// Whether writing has ended for good after a fault.
  package var hasFailed: Bool { failed.load(ordering: .acquiring) }

  /// What was done so far; what was answered is in it. Any thread.
  package var statistics: Statistics { counts.withLock { $0 } }

  /// Commands that wait to be decided. Any thread.
  package var queueDepth: Int { queue.withLock { $0.entries.count } }

  /// Decides what waits, then ends the thread; later commands get `stopping`. Returns when ended.
  @available(*, noasync)
  package func stop() {
    let mustWake = queue.withLock { queue in
      queue.isStopping = true
      defer { queue.isAsleep = false }
      return queue.isAsleep
    }
    if mustWake { wake.signal() }
    ended.wait()
    ended.signal()
  }

  private func run(_ writer: BatchWriter) throws {
    var waiting: [Entry] = []
    var isWell = try writeBatch(of: &waiting, writer)
    while let taken = take(appendingTo: waiting, isWell: isWell) {
      waiting = taken
      isWell = try writeBatch(of: &waiting, writer)
    }
    try writer.settle()
  }

  /// Writes one batch and delivers its answers; false when nothing can be written now.
  private func writeBatch(
    of waiting: inout [Entry], _ writer: BatchWriter
  ) throws -> Bool {
    let taken = waiting
    do {
      let result = try writer.write(&waiting) { queue.withLock { !$0.entries.isEmpty } }
      health.withLock { $0 = result.unavailability }
      lastRecorded.store(writer.lastRecorded.microseconds, ordering: .releasing)
      deliver(result)
      return result.unavailability == nil
    } catch {
      deliver(BatchResult(taken.map { ($0, .unknown) }))
      throw error
    }
  }

  /// What waits, up to a full batch, behind what was left of the batch before; nil when stopping
  /// and nothing is left. Blocks while there is nothing, but for a second at most while nothing can
  /// be written: then an empty batch finds out whether that has passed.
  private func take(appendingTo left: [Entry], isWell: Bool) -> [Entry]? {
    while true {
      let (taken, isDone) = queue.withLock { queue -> ([Entry], Bool) in
        let room = max(BatchWriter.maximumEvents - left.count, 0)
        let taken = Array(queue.entries.prefix(room))
        queue.entries.removeFirst(taken.count)
        queue.isAsleep = left.isEmpty && taken.isEmpty && !queue.isStopping
        return (taken, queue.isStopping)
      }
      if !left.isEmpty || !taken.isEmpty { return left + taken }
      if isDone { return nil }
      if isWell {
        wake.wait()
      } else if wake.wait(timeout: .now() + retryInterval) == .timedOut {
        return []
      }
    }
  }

  /// Answers what waits and refuses everything later.
  private func fail() {
    failed.store(true, ordering: .releasing)
    let waiting = queue.withLock { queue -> [Entry] in
      queue.isStopping = true
      defer { queue.entries = [] }
      return queue.entries
    }
    deliver(BatchResult(waiting.map { ($0, .unavailable(.stopping)) }))
  }

  private func deliver(_ result: BatchResult) {
    counts.withLock { $0.count(result) }
    result.deliver()
  }
}

/// Runs the work on the sequencer's thread.
private final class ImmediateMailbox: Mailbox {
  func deliver(_ work: [@Sendable () -> Void]) {
    for item in work { item() }
  }
}
