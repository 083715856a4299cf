import Foundation

extension Tallystick {
  /// A file that a flag names.
  static func read(_ file: String) throws(Failure) -> [UInt8] {
    guard let content = FileManager.default.contents(atPath: file) else {
      throw Failure(.unreadable, "\(file) cannot be read")
    }
    return Array(content)
  }

  /// A file that is named, or standard input for `-`.
  static func open(_ file: String) throws(Failure) -> FileHandle {
    guard file != "-" else { return .standardInput }
    guard let handle = FileHandle(forReadingAtPath: file) else {
      throw Failure(.unreadable, "\(file) cannot be read")
    }
    return handle
  }
}
