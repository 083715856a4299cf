import Dispatch
import Ledger
import Sequencer
import Synchronization

/// Keeps a number of commands waiting at the sequencer, as a loop with that many connections does:
/// what is answered is replaced, on the thread that called `run`.
final class Load: Mailbox {
  private let sequencer: Sequencer
  private let waiting: Int
  private let inbox = Mutex<[[@Sendable () -> Void]]>([])
  private let arrived = DispatchSemaphore(value: 0)
  private let answered = Atomic(0)
  private let refused = Mutex<Outcome?>(nil)

  init(_ sequencer: Sequencer, waiting: Int) {
    self.sequencer = sequencer
    self.waiting = waiting
  }

  func deliver(_ work: [@Sendable () -> Void]) {
    inbox.withLock { $0.append(work) }
    arrived.signal()
  }

  /// Submits the commands and returns when all are answered.
  ///
  /// - Returns: the sizes of the batches: the sequencer delivers each in one call.
  /// - Throws: `Misuse` when a command was refused.
  @available(*, noasync)
  func run(_ commands: [Command]) throws -> [Int] {
    var batches: [Int] = []
    var (submitted, done) = (0, 0)
    while done < commands.count {
      while submitted < min(commands.count, done + waiting) {
        submit(commands[submitted])
        submitted += 1
      }
      arrived.wait()
      let work = inbox.withLock { $0.removeFirst() }
      for item in work { item() }
      let total = answered.load(ordering: .relaxed)
      batches.append(total - done)
      done = total
    }
    if let outcome = refused.withLock({ $0 }) { throw Misuse(what: "a command got \(outcome)") }
    return batches
  }

  private func submit(_ command: Command) {
    sequencer.submit(command, to: self) { outcome in
      self.answered.add(1, ordering: .relaxed)
      if case .committed = outcome { return }
      self.refused.withLock { $0 = outcome }
    }
  }
}
