import COpenSSL

/// Private keys as PEM text (RFC 7468).
enum PEM {
  /// The first private key in a text; `invalidKey` when there is none, or only an encrypted one.
  static func privateKey(_ text: [UInt8]) throws(CryptographyError) -> EVPKey {
    try unsafe EVPKey(
      owning: CryptographyError.make("reading PEM", otherwise: .invalidKey) {
        unsafe text.span.withUnsafeBufferPointer { unsafe read($0) }
      })
  }

  private static func read(_ text: UnsafeBufferPointer<UInt8>) -> OpaquePointer? {
    guard let source = unsafe BIO_new_mem_buf(text.baseAddress, Int32(text.count)) else {
      return nil
    }
    defer { unsafe BIO_free(source) }
    return unsafe PEM_read_bio_PrivateKey(source, nil, refusePassphrase, nil)
  }

  /// A key as unencrypted PKCS #8.
  static func text(of key: EVPKey) throws(CryptographyError) -> [UInt8] {
    let sink = try unsafe CryptographyError.make("writing PEM") { unsafe BIO_new(BIO_s_mem()) }
    defer { unsafe BIO_free(sink) }
    try CryptographyError.check("writing PEM") {
      unsafe key.withPointer {
        unsafe PEM_write_bio_PKCS8PrivateKey(sink, $0, nil, nil, 0, nil, nil)
      }
    }
    return unsafe contents(of: sink)
  }

  private static func contents(of sink: OpaquePointer) -> [UInt8] {
    var start: UnsafeMutablePointer<CChar>?
    let count = unsafe COpenSSL_BIO_get_mem_data(sink, &start)
    return unsafe UnsafeBufferPointer(start: start, count: count).map(UInt8.init(bitPattern:))
  }
}

/// Keeps OpenSSL from asking for a passphrase at the terminal.
private func refusePassphrase(
  _: UnsafeMutablePointer<CChar>?, _: Int32, _: Int32, _: UnsafeMutableRawPointer?
) -> Int32 { -1 }
