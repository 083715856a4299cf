import Foundation
import Glibc
import HTTPServer

/// A body that is written before it is sent: the first part in memory, the rest in a file without a
/// name in the temporary directory (`TMPDIR`). Belongs to one thread, and then to the answer.
final class Spool {
  private static let maximumInMemory = 256 << 10

  private var waiting: [UInt8] = []
  private var file: SpoolFile?

  /// - Throws: a `Problem` with the status 503 when there is no room for it.
  func append(_ bytes: [UInt8]) throws {
    waiting += bytes
    guard waiting.count > Self.maximumInMemory else { return }
    let file = try file ?? SpoolFile()
    self.file = file
    try file.write(waiting)
    waiting.removeAll(keepingCapacity: true)
  }

  /// The body, with a part before what was written and one behind it.
  func body(after head: [UInt8], before tail: [UInt8]) -> Response.Body {
    guard let file else { return .bytes(head + waiting + tail) }
    return .stream(SpoolStream(file, head: head, tail: waiting + tail))
  }
}

/// Gone from the disk when nobody has it any more.
final class SpoolFile: Sendable {
  private let descriptor: Int32

  fileprivate init() throws {
    let path = FileManager.default.temporaryDirectory.path + "/tallystick-\(UUID().uuidString)"
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Problem.noRoom }
    _ = unsafe unlink(path)
  }

  deinit { close(descriptor) }

  fileprivate func write(_ bytes: [UInt8]) throws {
    var start = 0
    while start < bytes.count {
      let written = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(descriptor, buffer.baseAddress! + start, buffer.count - start)
      }
      guard written > 0 else { throw Problem.noRoom }
      start += written
    }
  }

  /// At most `count` bytes; none at the end.
  fileprivate func read(_ count: Int, at offset: Int) throws -> [UInt8] {
    var found = -1
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      found = unsafe pread(descriptor, buffer.baseAddress, count, offset)
      filled = max(0, found)
    }
    guard found >= 0 else { throw Problem.internalError }
    return bytes
  }
}

/// Head, file and tail. Pulled on one loop's thread.
private final class SpoolStream: BodyStream, @unchecked Sendable {
  // Unchecked: made by the thread that wrote the file, then used by the loop's alone.
  private static let part = 64 << 10

  private let file: SpoolFile
  private var head: [UInt8]?
  private var tail: [UInt8]?
  private var offset = 0

  init(_ file: SpoolFile, head: [UInt8], tail: [UInt8]) {
    self.file = file
    self.head = head
    self.tail = tail
  }

  func next() throws -> [UInt8]? {
    if let head = head.take() { return head }
    let part = try file.read(Self.part, at: offset)
    offset += part.count
    return part.isEmpty ? tail.take() : part
  }

  func cancel() {}
}

extension Problem {
  fileprivate static let noRoom = Problem(
    status: 503, title: "There is no room for the report",
    detail: "The temporary directory of the server is full or cannot be written.",
    headers: [("Retry-After", "30")])
}
