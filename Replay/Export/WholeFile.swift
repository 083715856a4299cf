import Glibc
import Journal

/// A file that is there whole and durable, or not at all: it is written under another name beside
/// its place, and takes its place, and that of a file already there, when it is finished.
package final class WholeFile {
  private let path: String
  private let temporary: String
  private let descriptor: Int32
  private var isFinished = false

  /// - Parameter path: in a directory that exists. Readable by its owner alone.
  package init(_ path: String) throws {
    self.path = path
    temporary = "\(path).\(getpid()).part"
    descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError("\(path) cannot be created") }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    if !isFinished { unsafe unlink(temporary) }
  }

  package func write(_ bytes: [UInt8]) throws {
    try writeAll(bytes, to: descriptor, named: path)
  }

  /// Makes the file durable and puts it in its place.
  package func finish() throws {
    guard fsync(descriptor) == 0, unsafe rename(temporary, path) == 0 else {
      throw FileError("\(path) cannot be made durable")
    }
    isFinished = true
    let folder = path.contains("/") ? String(path[...path.lastIndex(of: "/")!]) : "."
    try DurableFile.synchronize(folder)
  }
}
