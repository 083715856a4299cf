import Foundation

/// SIGTERM, SIGINT and SIGHUP, blocked for every thread and waited for by one.
struct Signals: Sendable {
  private let set: sigset_t

  /// To be made before any other thread is.
  init() {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for number in [SIGTERM, SIGINT, SIGHUP] { unsafe sigaddset(&set, number) }
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    self.set = set
  }

  /// Returns at SIGTERM or SIGINT; calls `reload` at every SIGHUP until then.
  func waitForStop(_ reload: () -> Void = {}) {
    while next() == SIGHUP { reload() }
  }

  /// From now on SIGTERM or SIGINT ends the process, with the status 1. Nothing that was answered
  /// is lost by that: it is in the log.
  func endAtOnceWhenStoppedAgain() {
    Thread.detachNewThread {
      waitForStop()
      Terminal.log("warning", "stopped again; ending at once")
      _exit(ExitStatus.negative.rawValue)
    }
  }

  private func next() -> Int32 {
    var set = set
    var received: Int32 = 0
    unsafe sigwait(&set, &received)
    return received
  }
}
