import Sequencer
import Synchronization

/// Clocks that stand still until a test moves them.
package final class ManualTime: TimeSource {
  private let times: Mutex<(wall: Int64, monotonic: Int64)>

  /// - Parameter wall: microseconds since 1970.
  package init(wall: Int64 = 1_800_000_000_000_000) { times = Mutex((wall, 0)) }

  package func wall() -> Int64 { times.withLock { $0.wall } }

  package func monotonic() -> Int64 { times.withLock { $0.monotonic } }

  /// Time passes.
  package func advance(seconds: Double) {
    times.withLock {
      $0.wall += Int64(seconds * 1e6)
      $0.monotonic += Int64(seconds * 1e6)
    }
  }

  /// Somebody sets the wall clock.
  package func set(by seconds: Double) { times.withLock { $0.wall += Int64(seconds * 1e6) } }
}
