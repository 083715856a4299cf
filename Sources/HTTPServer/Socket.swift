internal import CLinux
internal import Glibc

/// The bytes of one connection: everything that is read or written passes here. Never blocks,
/// never raises SIGPIPE. Whoever holds it closes it, once.
struct Socket: Sendable {
  let descriptor: Int32

  enum Received {
    case bytes(Int)
    case nothing
    /// The peer will send no more; it may still read.
    case end
    case failed
  }

  /// Fills the buffer from its start.
  func receive(into buffer: inout [UInt8]) -> Received {
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe recv(descriptor, bytes.baseAddress, bytes.count, 0)
      }
      if count > 0 { return .bytes(count) }
      if count == 0 { return .end }
      if errno == EAGAIN { return .nothing }
      if errno != EINTR { return .failed }
    }
  }

  /// How many of the bytes from `start` on the system took, 0 when it has no room now; nil when the connection
  /// is dead.
  func send(_ bytes: [UInt8], from start: Int = 0) -> Int? {
    let rest = bytes.span.extracting(start...)
    while true {
      let count = unsafe rest.withUnsafeBufferPointer { pointer in
        unsafe linux_send(descriptor, pointer.baseAddress, pointer.count)
      }
      if count >= 0 { return count }
      if errno == EAGAIN { return 0 }
      if errno != EINTR { return nil }
    }
  }

  /// Tells the peer that nothing more will come.
  func finishSending() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

  func close() { _ = Glibc.close(descriptor) }

  /// Closes so that the peer cannot take what it got for the whole.
  func reset() {
    _ = linux_reset_on_close(descriptor)
    close()
  }
}
