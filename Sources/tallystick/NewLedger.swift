import Foundation
import Journal

/// A ledger that is made beside its place and moved there when it is whole.
enum NewLedger {
  /// - Parameters:
  ///   - path: where nothing is, or an empty directory.
  ///   - verb: what makes it, for the name of the scratch directory.
  ///   - make: fills the directory and makes all of it durable; when it throws, nothing stays.
  static func make(
    at path: String, by verb: String, _ make: (DataDirectory) throws -> Void
  ) throws {
    let path = trimmed(path)
    try refuseUnusable(path)
    let scratch = "\(path).\(verb)-\(ProcessInfo.processInfo.processIdentifier)"
    // Somebody else's directory would get the keys.
    guard unsafe mkdir(scratch, 0o700) == 0 else {
      throw Failure(
        .usage, "\(scratch) cannot be created: \(unsafe String(cString: strerror(errno)))")
    }
    do {
      let directory = DataDirectory(scratch)
      try directory.create()
      try make(directory)
      // Takes the place of nothing or of an empty directory, and of nothing else.
      guard unsafe rename(scratch, path) == 0 else {
        throw Failure(.usage, "\(path) is not free: \(unsafe String(cString: strerror(errno)))")
      }
      try DataDirectory(path).synchronize(files: [])
    } catch {
      try? FileManager.default.removeItem(atPath: scratch)
      throw error
    }
  }

  private static func refuseUnusable(_ path: String) throws {
    guard try isFree(path) else { throw Failure(.usage, "\(path) exists and is not empty") }
    let parent = URL(filePath: path).deletingLastPathComponent().path
    guard unsafe access(parent, W_OK) == 0 else {
      let reason = unsafe String(cString: strerror(errno))
      throw Failure(.usage, "\(path) cannot be created: \(parent): \(reason)")
    }
  }

  /// Without slashes at the end, which would put the scratch directory inside.
  private static func trimmed(_ path: String) -> String {
    let end = path.lastIndex { $0 != "/" }
    return end.map { String(path[...$0]) } ?? path
  }

  private static func isFree(_ path: String) throws -> Bool {
    guard FileManager.default.fileExists(atPath: path) else { return true }
    return try FileManager.default.contentsOfDirectory(atPath: path).isEmpty
  }
}
