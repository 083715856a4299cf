import Dispatch
import Foundation
import HTTPServer
import Ledger
import Synchronization

/// Where reads are answered that may take longer than the other connections of a loop should wait:
/// one thread with a desk of its own, begun with the first of them.
final class ReadingRoom: Sendable {
  /// Runs on the room's thread with the room's desk. A stream that it answers with is pulled on the
  /// loop's thread, so it must use nothing of that desk.
  typealias Reading = @Sendable (Desk) throws -> Response

  /// Readings that may wait; more are answered with 503.
  static let queueLimit = 64
  /// So many of them may be one caller's, so that none keeps the others out.
  private static let callerLimit = 16

  private struct Entry: Sendable {
    let caller: Identifier
    let exchange: Exchange
    let reading: Reading
  }

  private struct Queue {
    var entries: [Entry] = []
    var isOpen = false
    var isClosed = false
  }

  private let queue = Mutex(Queue())
  private let arrivals = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)

  /// Answers the exchange when its turn has come. Any thread.
  ///
  /// - Throws: a `Problem` with the status 503 when too many wait, of all or of the caller.
  func submit(
    _ exchange: Exchange, of caller: Identifier, _ service: Service, _ reading: @escaping Reading
  ) throws {
    let mustOpen = try queue.withLock { queue throws(Problem) -> Bool in
      guard !queue.isClosed, queue.entries.count < Self.queueLimit,
        queue.entries.count(where: { $0.caller == caller }) < Self.callerLimit
      else { throw .busy }
      queue.entries.append(Entry(caller: caller, exchange: exchange, reading: reading))
      defer { queue.isOpen = true }
      return !queue.isOpen
    }
    if mustOpen { open(service) }
    arrivals.signal()
  }

  private func open(_ service: Service) {
    let thread = Thread { [self] in
      var desk: Desk?
      while let entry = next() { answer(entry, service, &desk) }
      ended.signal()
    }
    thread.name = "reading room"
    thread.start()
  }

  /// Waits for the next reading; nil when the room was closed.
  private func next() -> Entry? {
    arrivals.wait()
    return queue.withLock { $0.isClosed ? nil : $0.entries.removeFirst() }
  }

  private func answer(_ entry: Entry, _ service: Service, _ desk: inout Desk?) {
    do {
      let found = try desk ?? Desk(service, traffic: nil)
      desk = found
      entry.exchange.respond(found.respond(entry.exchange) { try entry.reading(found) })
    } catch {
      service.onFault(error, entry.exchange.requestID)
      entry.exchange.respond(Problem.internalError.response)
    }
  }

  /// Forgets what waits; the thread ends when it has answered what it is at.
  func close() {
    queue.withLock { queue in
      queue.entries = []
      queue.isClosed = true
    }
    arrivals.signal()
  }

  /// After `close`, waits for the thread to end, if it began, or until a time has come.
  @available(*, noasync)
  func waitForEnd(until deadline: DispatchTime) {
    if queue.withLock({ $0.isOpen }) { _ = ended.wait(timeout: deadline) }
  }
}

extension Problem {
  /// RFC 9110 §15.6.4.
  static let busy = Problem(
    status: 503, title: "Too many reads are waiting", headers: [("Retry-After", "1")])
}
