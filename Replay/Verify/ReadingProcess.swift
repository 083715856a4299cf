import Foundation
import Glibc

/// This program once more, as a process that reads files that may be damaged: where such a file ends
/// its reader with a signal, this process can still say so.
package struct ReadingProcess: Sendable {
  /// How a process ended.
  package enum End: Sendable, Equatable {
    /// By itself, with this status.
    case exited(Int32)
    /// By a signal, such as `SIGBUS`.
    case killed(Int32)
    /// It told of no step for a minute, and was killed.
    case silent
  }

  package let end: End
  /// The last step that it told of; nil when there was none.
  package let lastStep: UInt64?

  /// Runs it to its end; it has the standard streams of this one, and `Steps.descriptor`.
  ///
  /// - Parameter arguments: without the name of the program.
  /// - Throws: `POSIXError` when it cannot be started.
  @available(*, noasync)
  package static func run(_ arguments: [String]) throws -> ReadingProcess {
    let (reading, writing) = try makePipe()
    defer { close(reading) }
    let process: pid_t
    do {
      defer { close(writing) }
      process = try start(arguments, writing)
    }
    var steps = StepReader(reading)
    let isSilent = !steps.readToEnd()
    if isSilent { kill(process, SIGKILL) }
    let end = wait(for: process)
    return ReadingProcess(end: isSilent ? .silent : end, lastStep: steps.last)
  }

  private static func makePipe() throws -> (reading: Int32, writing: Int32) {
    var descriptors: [Int32] = [-1, -1]
    guard unsafe pipe(&descriptors) == 0 else { throw failure(errno) }
    for descriptor in descriptors { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    return (descriptors[0], descriptors[1])
  }

  private static func start(_ arguments: [String], _ descriptor: Int32) throws -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, Steps.descriptor)
    let words = CStrings(CommandLine.arguments.prefix(1) + arguments)
    // A trace of a reader that a file ended would only hide what is said about the file.
    let variables = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) {
      $1
    }
    let environment = CStrings(variables.map { "\($0)=\($1)" })
    var process: pid_t = 0
    let code = unsafe posix_spawn(
      &process, "/proc/self/exe", &actions, nil, words.pointers, environment.pointers)
    guard code == 0 else { throw failure(code) }
    return process
  }

  private static func wait(for process: pid_t) -> End {
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) == -1, errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal)
  }

  private static func failure(_ code: Int32) -> POSIXError {
    POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO)
  }
}

/// Strings as a C function takes a list of them: with a null behind the last.
@safe private final class CStrings {
  let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let count: Int

  init(_ strings: [String]) {
    count = strings.count
    unsafe pointers = .allocate(capacity: count + 1)
    for (index, string) in strings.enumerated() { unsafe pointers[index] = strdup(string) }
    unsafe pointers[count] = nil
  }

  deinit {
    for index in 0..<count { unsafe free(pointers[index]) }
    unsafe pointers.deallocate()
  }
}
