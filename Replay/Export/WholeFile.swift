import Glibc

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
    try Replay.write(bytes, to: descriptor, named: path)
  }

  /// Makes the file durable and puts it in its place.
  package func finish() throws {
    guard fsync(descriptor) == 0, unsafe rename(temporary, path) == 0 else {
      throw FileError("\(path) cannot be made durable")
    }
    isFinished = true
    let folder = path.contains("/") ? String(path[...path.lastIndex(of: "/")!]) : "."
    let directory = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(directory) }
    guard directory >= 0, fsync(directory) == 0 else {
      throw FileError("\(folder) cannot be made durable")
    }
  }
}

/// A file or a stream cannot be written.
package struct FileError: Error, Sendable, CustomStringConvertible {
  /// The `errno` value.
  package let number: Int32
  package let description: String

  init(_ what: String) {
    number = errno
    description = "\(what): \(unsafe String(cString: strerror(number)))"
  }
}

/// Writes all of the bytes.
///
/// - Parameter name: what the message of an error calls the file.
package func write(_ bytes: [UInt8], to descriptor: Int32, named name: String) throws {
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = unsafe rest.withUnsafeBytes {
      unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
    }
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw FileError("\(name) cannot be written") }
    rest = rest.dropFirst(count)
  }
}
