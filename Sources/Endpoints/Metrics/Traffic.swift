import HTTPServer
import Synchronization

/// The requests of all loops.
final class Traffic: Sendable {
  private let loops = Mutex<[LoopTraffic]>([])

  /// Where a loop counts from now on.
  func join(_ loop: Loop) -> LoopTraffic {
    let traffic = LoopTraffic(loop)
    loops.withLock { $0.append(traffic) }
    return traffic
  }

  /// The sum over the loops, each at a moment of its own. Any thread.
  var statistics: RequestStatistics {
    var total = RequestStatistics()
    for loop in loops.withLock({ $0 }) { total.add(loop.statistics) }
    return total
  }

  /// Connections that are open now. Any thread.
  var connections: Int { loops.withLock { $0.reduce(0) { $0 + $1.loop.connectionCount } } }
}

/// The requests of one loop: counted on its thread, under a lock that only a reader of the sum
/// ever holds beside it.
final class LoopTraffic: Sendable {
  let loop: Loop
  private let counts = Mutex(RequestStatistics())

  init(_ loop: Loop) { self.loop = loop }

  func count(_ record: LogRecord) { counts.withLock { $0.count(record) } }

  var statistics: RequestStatistics { counts.withLock { $0 } }
}
