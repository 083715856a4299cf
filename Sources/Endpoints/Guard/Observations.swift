import Dispatch
import Synchronization

/// What the loops saw and the watch has not taken yet. Any thread.
final class Observations: Sendable {
  struct Taken: Sendable {
    var denials: [Denial] = []
    /// How many denials of a minute were too many to be kept one by one.
    var others: [Int64: Int64] = [:]
    var readings: [Reading: Int64] = [:]

    var isEmpty: Bool { denials.isEmpty && others.isEmpty && readings.isEmpty }
  }

  private struct Inbox {
    var taken = Taken()
    var isAsleep = false
    var isClosed = false
  }

  /// Denials that are kept one by one until the watch comes, once a second.
  private static let limit = 65_536

  private let inbox = Mutex(Inbox())
  private let wake = DispatchSemaphore(value: 0)
  /// Denials that are not in the log yet.
  let denialsWaiting = Atomic(0)
  /// Set by the watch while so much waits to be written that no more must come.
  let isCrowded = Atomic(false)

  func add(_ denial: Denial) {
    denialsWaiting.add(1, ordering: .relaxed)
    change { taken in
      if taken.denials.count < Self.limit {
        taken.denials.append(denial)
      } else {
        taken.others[denial.minute, default: 0] += 1
      }
    }
  }

  func add(_ reading: Reading) { change { $0.readings[reading, default: 0] += 1 } }

  private func change(_ body: (inout Taken) -> Void) {
    let mustWake = inbox.withLock { inbox in
      body(&inbox.taken)
      defer { inbox.isAsleep = false }
      return inbox.isAsleep
    }
    if mustWake { wake.signal() }
  }

  func take() -> Taken {
    inbox.withLock { inbox in
      defer { inbox.taken = Taken() }
      return inbox.taken
    }
  }

  /// Ends every wait, from now on.
  func close() {
    inbox.withLock { $0.isClosed = true }
    wake.signal()
  }

  /// Waits until there is something, and then for a second in which more may come.
  ///
  /// - Parameter hasLeft: something was left from before, so that a second is enough.
  /// - Returns: false, at once, when closed.
  @available(*, noasync)
  func wait(hasLeft: Bool) -> Bool {
    let mustSleep = inbox.withLock { inbox in
      inbox.isAsleep = !hasLeft && inbox.taken.isEmpty && !inbox.isClosed
      return inbox.isAsleep
    }
    if mustSleep { wake.wait() }
    if !inbox.withLock({ $0.isClosed }) { _ = wake.wait(timeout: .now() + 1) }
    return !inbox.withLock { $0.isClosed }
  }
}
