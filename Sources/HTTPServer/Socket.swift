internal import CLinux
internal import Glibc

/// The bytes of one connection: everything that is read or written passes here, plain or through
/// TLS. Never blocks. Whoever holds it closes it, once.
struct Socket {
  let descriptor: Int32
  private let tls: TLSSession?

  enum Received {
    case bytes(Int)
    case nothing
    /// Nothing can be read before something of TLS's own was written.
    case needsRoom
    /// The peer will send no more; it may still read.
    case end
    case failed
    /// The peer speaks no TLS, or none that is spoken here; it has been told so as far as possible.
    case handshakeFailed(reason: String)
  }

  /// Nil, with the descriptor closed, for want of memory.
  init?(_ arrival: Arrival) {
    descriptor = arrival.descriptor
    tls = arrival.tls?.makeSession(arrival.descriptor)
    guard arrival.tls == nil || tls != nil else {
      close()
      return nil
    }
  }

  /// Whether nothing can be sent yet.
  var isHandshaking: Bool { tls?.isHandshaking ?? false }

  var clientCertificate: [UInt8]? { tls?.clientCertificate }

  /// Fills the buffer from its start.
  func receive(into buffer: inout [UInt8]) -> Received {
    if let tls, !tls.isBroken { return tls.receive(into: &buffer) }
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

  /// How many of the bytes from `start` on the system took, 0 when it has no room now; nil when
  /// the connection is dead.
  func send(_ bytes: [UInt8], from start: Int = 0) -> Int? {
    unsafe bytes.withUnsafeBytes { all in
      let rest = unsafe UnsafeRawBufferPointer(rebasing: all[start...])
      if let tls { return unsafe tls.send(rest) }
      return unsafe sendPlain(rest)
    }
  }

  private func sendPlain(_ bytes: UnsafeRawBufferPointer) -> Int? {
    while true {
      let count = unsafe linux_send(descriptor, bytes.baseAddress, bytes.count)
      if count >= 0 { return count }
      if errno == EAGAIN { return 0 }
      if errno != EINTR { return nil }
    }
  }

  /// Tells the peer that nothing more will come.
  func finishSending() {
    tls?.finishSending()
    _ = shutdown(descriptor, Int32(SHUT_WR))
  }

  func close() {
    tls?.finishSending()
    _ = Glibc.close(descriptor)
  }

  /// Closes so that the peer cannot take what it got for the whole.
  func reset() {
    _ = linux_reset_on_close(descriptor)
    _ = Glibc.close(descriptor)
  }
}
