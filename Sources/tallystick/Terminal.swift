import CanonicalJSON
import Foundation

/// What a person or another program sees.
enum Terminal {
  /// A line on standard output, at once; throws when nobody can read it.
  static func line(_ text: String) throws {
    try FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
  }

  static func error(_ text: String) { write("tallystick: \(text)\n", to: .standardError) }

  static func json(_ members: [JSON.Member]) throws {
    try line(String(decoding: JSON.object(members).canonicalBytes(), as: UTF8.self))
  }

  /// One line of the server's log: a JSON object on standard error.
  static func log(_ level: String, _ message: String, _ members: [JSON.Member] = []) {
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
