internal import COpenSSL
internal import Glibc

/// The files of a TLS server, in PEM.
package struct TLSFiles: Sendable {
  /// The server's certificate, followed by those that lead to its root.
  package var certificate: String
  /// The private key, without a passphrase.
  package var key: String
  /// Certificates of the authorities whose clients may show one; nil asks for none. A client
  /// without a certificate is served all the same (RFC 8705 leaves it to the application).
  package var clientAuthorities: String?

  package init(certificate: String, key: String, clientAuthorities: String? = nil) {
    self.certificate = certificate
    self.key = key
    self.clientAuthorities = clientAuthorities
  }
}

/// What the TLS connections of a server have in common: TLS 1.2 (forward secret, authenticated
/// encryption only: RFC 9325) and 1.3, resumption by tickets under a key that lives as long as the
/// context, no renegotiation, no compression, no early data.
///
/// Safe to share: OpenSSL counts references to it and does not change it once connections use it.
@safe final class TLSContext: @unchecked Sendable {
  private let context: OpaquePointer

  private init(owning context: OpaquePointer) { unsafe self.context = context }

  deinit { unsafe SSL_CTX_free(context) }

  /// - Throws: `tls` when a file cannot be read or certificate and key do not belong together.
  static func load(_ files: TLSFiles) throws(ServerError) -> TLSContext {
    ERR_clear_error()
    guard let pointer = unsafe SSL_CTX_new(TLS_server_method()) else {
      throw .tls("make a TLS context")
    }
    let context = unsafe TLSContext(owning: pointer)
    try context.restrict()
    try context.use(files.certificate, files.key)
    try context.verifyClients(files.clientAuthorities)
    return context
  }

  /// A connection's own part; nil for want of memory.
  func makeSession(_ descriptor: Int32) -> TLSSession? {
    ERR_clear_error()
    guard let session = unsafe SSL_new(context) else { return nil }
    return unsafe TLSSession(owning: session, descriptor)
  }

  private func restrict() throws(ServerError) {
    let options = COpenSSL_server_options
    unsafe SSL_CTX_set_options(context, options)
    unsafe COpenSSL_SSL_CTX_set_server_mode(context)
    guard unsafe COpenSSL_SSL_CTX_set_minimum_TLS12(context) == 1,
      unsafe SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1
    else { throw .tls("restrict TLS") }
    unsafe SSL_CTX_set_alpn_select_cb(context, selectProtocol, nil)
    // A key with a passphrase is refused instead of asking on the terminal.
    unsafe SSL_CTX_set_default_passwd_cb(context) { _, _, _, _ in -1 }
  }

  private func use(_ certificate: String, _ key: String) throws(ServerError) {
    guard unsafe SSL_CTX_use_certificate_chain_file(context, certificate) == 1 else {
      throw .tls("use the certificate \(certificate)")
    }
    guard unsafe SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1,
      unsafe SSL_CTX_check_private_key(context) == 1
    else { throw .tls("use \(key) as the certificate's key without a passphrase") }
  }

  private func verifyClients(_ authorities: String?) throws(ServerError) {
    guard let authorities else { return }
    guard unsafe SSL_CTX_load_verify_locations(context, authorities, nil) == 1,
      let names = unsafe SSL_load_client_CA_file(authorities)
    else { throw .tls("use the client authorities \(authorities)") }
    unsafe SSL_CTX_set_client_CA_list(context, names)
    unsafe SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
    // A resumed session would keep a certificate that has expired or lost its authority since.
    unsafe SSL_CTX_set_options(context, COpenSSL_SSL_OP_NO_TICKET)
    unsafe SSL_CTX_set_num_tickets(context, 0)
  }
}

/// HTTP/1.1 alone (RFC 7301): a client that insists on another protocol gets an alert.
private let selectProtocol: SSL_CTX_alpn_select_cb_func = {
  _, selected, length, offered, offeredLength, _ in
  var rest = unsafe UnsafeBufferPointer(start: offered, count: Int(offeredLength))[...]
  while let count = unsafe rest.first.map(Int.init), unsafe rest.count > count {
    let name = unsafe rest.dropFirst().prefix(count)
    if unsafe name.elementsEqual("http/1.1".utf8) {
      unsafe selected?.pointee = offered?.advanced(by: name.startIndex)
      unsafe length?.pointee = UInt8(count)
      return SSL_TLSEXT_ERR_OK
    }
    unsafe rest = rest.dropFirst(1 + count)
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL
}

extension ServerError {
  /// A failure with what OpenSSL says about it.
  static func tls(_ what: String) -> ServerError {
    ServerError(code: .tls, description: "Cannot \(what): \(TLSSession.reason()).")
  }
}
