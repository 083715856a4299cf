import Dispatch
import Foundation
import Synchronization

/// SIGTERM, SIGINT and SIGHUP, blocked for every other thread and taken by one of their own, so
/// that they are heard whatever else the process is doing.
final class Signals: Sendable {
  private enum Phase {
    /// Nobody is served yet: the process may end at any time.
    case starting
    case serving(reload: @Sendable () -> Void)
    case stopping
  }

  private let phase = Mutex(Phase.starting)
  private let stop = DispatchSemaphore(value: 0)

  /// To be called before any other thread is made.
  static func take() -> Signals {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for number in [SIGTERM, SIGINT, SIGHUP] { unsafe sigaddset(&set, number) }
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    let signals = Signals()
    Thread.detachNewThread { [set] in
      while true {
        var set = set
        var received: Int32 = 0
        unsafe sigwait(&set, &received)
        signals.handle(received)
      }
    }
    return signals
  }

  /// From now on the process is not ended before `waitForStop` has returned.
  func beginServing() { phase.withLock { $0 = .serving(reload: {}) } }

  /// Returns at SIGTERM or SIGINT, or when a stop is requested; until then every SIGHUP calls
  /// `reload`. From then on SIGTERM or SIGINT ends the process at once, with the status 1: nothing
  /// that was answered is lost by that, for it is in the log.
  func waitForStop(reload: @escaping @Sendable () -> Void) {
    phase.withLock { if case .serving = $0 { $0 = .serving(reload: reload) } }
    stop.wait()
    phase.withLock { $0 = .stopping }
  }

  /// Lets `waitForStop` return, now or when it is called.
  func requestStop() { stop.signal() }

  private func handle(_ number: Int32) {
    switch phase.withLock({ $0 }) {
    case .serving(let reload) where number == SIGHUP: reload()
    case .starting where number == SIGHUP, .stopping where number == SIGHUP: break
    case .starting: _exit(ExitStatus.done.rawValue)
    case .serving:
      phase.withLock { $0 = .stopping }
      stop.signal()
    case .stopping:
      Terminal.log("warning", "stopped again; ending at once")
      _exit(ExitStatus.negative.rawValue)
    }
  }
}
