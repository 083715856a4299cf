internal import COpenSSL
internal import Glibc

/// TLS over the socket of one connection; used on its loop's thread alone. The handshake is part
/// of the first reads. It does not own the socket.
@safe final class TLSSession {
  private let session: OpaquePointer
  /// After an error of the protocol nothing may be sent, not even a farewell.
  private(set) var isBroken = false

  init(owning session: OpaquePointer, _ descriptor: Int32) {
    unsafe self.session = session
    unsafe SSL_set_fd(session, descriptor)
    unsafe SSL_set_accept_state(session)
  }

  deinit { unsafe SSL_free(session) }

  var isHandshaking: Bool { unsafe SSL_is_init_finished(session) == 0 }

  /// The certificate that the client has shown and that an authority vouches for, in DER.
  var clientCertificate: [UInt8]? {
    guard let certificate = unsafe SSL_get0_peer_certificate(session) else { return nil }
    let length = unsafe i2d_X509(certificate, nil)
    guard length > 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(length))
    unsafe bytes.withUnsafeMutableBufferPointer { buffer in
      var position = buffer.baseAddress
      _ = unsafe i2d_X509(certificate, &position)
    }
    return bytes
  }

  /// One record at most, which the buffer must have room for (16 KiB): so nothing that has
  /// been received stays behind where readiness of the socket would not tell of it.
  func receive(into buffer: inout [UInt8]) -> Socket.Received {
    ERR_clear_error()
    let wasHandshaking = isHandshaking
    let count = unsafe buffer.withUnsafeMutableBytes { bytes in
      unsafe SSL_read(session, bytes.baseAddress, Int32(clamping: bytes.count))
    }
    if count > 0 { return .bytes(Int(count)) }
    switch unsafe SSL_get_error(session, count) {
    case SSL_ERROR_WANT_READ: return .nothing
    case SSL_ERROR_WANT_WRITE: return .needsRoom
    case SSL_ERROR_ZERO_RETURN: return .end
    case SSL_ERROR_SSL:
      isBroken = true
      return wasHandshaking ? .handshakeFailed(reason: Self.reason()) : .failed
    default:
      isBroken = true
      return .failed
    }
  }

  /// How many bytes were taken, 0 when there is no room now; nil when the connection is dead.
  func send(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard unsafe !bytes.isEmpty else { return 0 }
    ERR_clear_error()
    let count = unsafe SSL_write(session, bytes.baseAddress, Int32(clamping: bytes.count))
    if count > 0 { return Int(count) }
    if case SSL_ERROR_WANT_WRITE = unsafe SSL_get_error(session, count) { return 0 }
    isBroken = true
    return nil
  }

  /// Says that nothing more will come (`close_notify`), as far as the socket has room for it.
  func finishSending() {
    guard !isBroken, !isHandshaking else { return }
    ERR_clear_error()
    _ = unsafe SSL_shutdown(session)
  }

  /// OpenSSL's own words for the last error of this thread, or the system's if it was one of those.
  static func reason() -> String {
    let code = ERR_get_error()
    guard code != 0 else { return "no reason given" }
    if let text = unsafe ERR_reason_error_string(code) { return unsafe String(cString: text) }
    // A number of the system stands below the flag ERR_SYSTEM_FLAG.
    return unsafe String(cString: strerror(Int32(truncatingIfNeeded: code & 0x7FFF_FFFF)))
  }
}
