internal import CLinux
internal import Glibc
internal import Synchronization

/// One epoll loop on one thread.
package final class Loop: Sendable {
  /// 0 for the first.
  package let index: Int
  /// Connections that this loop has, or was given and has not seen yet.
  let connections = Atomic<Int>(0)
  /// The same as a number; any thread.
  package var connectionCount: Int { connections.load(ordering: .relaxed) }

  private let wakeup: Int32
  private let inbox = Mutex(Inbox())
  /// The loop's thread while it runs, else 0.
  private let thread = Atomic<UInt>(0)
  /// Set, read and cleared on the loop's thread alone.
  nonisolated(unsafe) private var reactor: Reactor?

  private struct Inbox {
    var work: [@Sendable () -> Void] = []
    var isClosed = false
  }

  init(index: Int) throws(ServerError) {
    let descriptor = linux_eventfd()
    guard descriptor >= 0 else { throw .system("make an event descriptor") }
    self.index = index
    wakeup = descriptor
  }

  deinit { close(wakeup) }

  /// Runs the work on the loop's thread, in order, after what was given before; wakes the loop
  /// at most once per call. Any thread, the loop's own too. Work that is given after the loop
  /// has ended is dropped.
  package func run(_ work: [@Sendable () -> Void]) {
    _ = enqueue(work)
  }

  /// Whether the caller is on the loop's thread.
  var isCurrent: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

  func respond(_ response: Response, slot: Int, number: UInt64) {
    if isCurrent {
      respondHere(response, slot: slot, number: number)
    } else if !enqueue([{ self.respondHere(response, slot: slot, number: number) }]) {
      response.cancelStream()
    }
  }

  /// On the loop's thread.
  func setRoute(_ route: Int, slot: Int, number: UInt64) {
    unsafe reactor?.setRoute(route, slot: slot, number: number)
  }

  /// Takes over a connection that is counted in ``connections`` already.
  func adopt(_ arrival: Arrival) {
    if isCurrent {
      adoptHere(arrival)
    } else if !enqueue([{ self.adoptHere(arrival) }]) {
      close(arrival.descriptor)
    }
  }

  /// Does something to the loop's reactor on its thread, in turn with other work.
  func withReactor(_ action: @escaping @Sendable (Reactor) -> Void) {
    run([
      {
        if let reactor = unsafe self.reactor { action(reactor) }
      }
    ])
  }

  /// Serves on the calling thread until drained.
  func serve(_ reactor: Reactor) {
    unsafe self.reactor = reactor
    thread.store(UInt(pthread_self()), ordering: .relaxed)
    reactor.serve(wakeup: wakeup)
    inbox.withLock { $0.isClosed = true }
    runInbox()
    unsafe self.reactor = nil
    thread.store(0, ordering: .relaxed)
  }

  /// Drops what it was given, which holds it, and takes no more: for a loop that never served.
  func abandon() {
    inbox.withLock { $0 = Inbox(isClosed: true) }
  }

  /// Runs what has been given so far; on the loop's thread.
  func runInbox() {
    var count: UInt64 = 0
    unsafe eventfd_read(wakeup, &count)
    let work = inbox.withLock { inbox in
      let work = inbox.work
      inbox.work = []
      return work
    }
    for item in work { item() }
  }

  /// False when the loop has ended and the work was dropped.
  private func enqueue(_ work: [@Sendable () -> Void]) -> Bool {
    guard !work.isEmpty else { return true }
    return inbox.withLock { inbox in
      guard !inbox.isClosed else { return false }
      if inbox.work.isEmpty { eventfd_write(wakeup, 1) }
      inbox.work.append(contentsOf: work)
      return true
    }
  }

  private func respondHere(_ response: Response, slot: Int, number: UInt64) {
    if let reactor = unsafe reactor {
      reactor.respond(response, slot: slot, number: number)
    } else {
      response.cancelStream()
    }
  }

  private func adoptHere(_ arrival: Arrival) {
    guard let reactor = unsafe reactor else {
      close(arrival.descriptor)
      return
    }
    reactor.adopt(arrival)
  }
}
