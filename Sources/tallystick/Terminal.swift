import CanonicalJSON
import Foundation
import Synchronization

/// What a person or another program sees.
enum Terminal {
  /// A line on standard output, at once; throws when nobody can read it.
  static func line(_ text: String) throws { try bytes(Array((shown(text) + "\n").utf8)) }

  /// Whole lines for a person on standard output, at once.
  static func words(_ text: [UInt8]) throws {
    try bytes(Array(shown(String(decoding: text, as: UTF8.self)).utf8))
  }

  /// What a log or a file says is no command to a terminal: its control characters, but for the line
  /// feed, and those that turn the direction of text are written as JSON escapes them.
  private static func shown(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isCommand) else { return text }
    return text.unicodeScalars.reduce(into: "") { shown, scalar in
      if isCommand(scalar) {
        let digits = String(scalar.value, radix: 16)
        shown += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
  }

  private static func isCommand(_ scalar: Unicode.Scalar) -> Bool {
    let properties = scalar.properties
    return properties.generalCategory == .control && scalar != "\n" || properties.isBidiControl
  }

  /// Bytes on standard output, at once.
  static func bytes(_ bytes: [UInt8]) throws {
    try FileHandle.standardOutput.write(contentsOf: Data(bytes))
  }

  static func error(_ text: String) { write("tallystick: \(shown(text))\n", to: .standardError) }

  static func json(_ members: [JSON.Member]) throws {
    try line(String(decoding: JSON.object(members).canonicalBytes(), as: UTF8.self))
  }

  /// Lines that the log had no room for since the last one that it had.
  private static let linesLost = Atomic(0)

  /// One line of the server's log: a JSON object on standard error. Serving does not wait for who
  /// reads it: without room the line is lost, and the next one says how many were.
  static func log(_ level: String, _ message: String, _ members: [JSON.Member] = []) {
    var errors = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
    guard unsafe poll(&errors, 1, 0) == 1 else {
      linesLost.add(1, ordering: .relaxed)
      return
    }
    let lost = linesLost.exchange(0, ordering: .relaxed)
    let members = lost == 0 ? members : members + [.init("lines_lost", .integer(Int64(lost)))]
    let time = Date().formatted(
      .iso8601.year().month().day().time(includingFractionalSeconds: true).timeZone(
        separator: .omitted))
    let object = JSON.object(
      [
        .init("level", .string(level)), .init("message", .string(message)),
        .init("time", .string(time)),
      ] + members)
    write(String(decoding: object.canonicalBytes(), as: UTF8.self) + "\n", to: .standardError)
  }

  /// A counter that is rewritten in place on a terminal; nothing in a pipe.
  static func progress(_ what: String, _ events: UInt64) {
    guard isatty(FileHandle.standardError.fileDescriptor) == 1 else { return }
    write("\r\(what) \(events) events", to: .standardError)
  }

  static func endProgress() {
    guard isatty(FileHandle.standardError.fileDescriptor) == 1 else { return }
    write("\r\u{1B}[K", to: .standardError)
  }

  private static func write(_ text: String, to handle: FileHandle) {
    // A reader of the log that went away is no reason to stop serving.
    try? handle.write(contentsOf: Data(text.utf8))
  }
}
