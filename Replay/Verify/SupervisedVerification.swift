import Glibc

/// A verification by another process, which the log may end.
package enum SupervisedVerification: Sendable {
  /// The process has said what it found, and ended with this status.
  case reported(status: Int32)
  /// Reading ended the process, when so many events had been found right.
  case ended(events: UInt64, fault: Verification.Fault)

  /// - Parameter arguments: of this process, without the name of the program: those of the other are
  ///   these and `--steps`.
  /// - Throws: when no process can be started.
  @available(*, noasync)
  package static func run(_ arguments: [String]) throws -> SupervisedVerification {
    let arguments = arguments + ["--steps", "\(Steps.descriptor)"]
    let verifying = try ReadingProcess.run(arguments)
    if case .exited(let status) = verifying.end { return .reported(status: status) }
    let events = verifying.lastStep ?? 0
    let locating = try ReadingProcess.run(arguments + ["--locate", "\(events)"])
    let position = locating.end == verifying.end ? locating.lastStep ?? events : events
    return .ended(
      events: events,
      fault: .init(
        event: position,
        "cannot be read: \(verifying.end)"))
  }
}

extension ReadingProcess.End: CustomStringConvertible {
  /// What it says of the file that was read.
  package var description: String {
    switch self {
    case .exited(let status): "its reader ended with status \(status)"
    case .killed(let signal):
      """
      the file journal/data.mdb is damaged there, its reader was ended by \
      \(unsafe String(cString: strsignal(signal)))
      """
    case .silent:
      "its reader made no step for a minute; the disk does not answer or the file is damaged"
    }
  }
}
