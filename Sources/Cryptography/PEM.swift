import COpenSSL

/// Objects as PEM text (RFC 7468).
enum PEM {
  /// The first private key in a text; `invalidKey` when there is none, or only an encrypted one.
  static func privateKey(_ text: [UInt8]) throws(CryptographyError) -> EVPKey {
    try unsafe EVPKey(
      owning: read(text, "reading PEM", otherwise: .invalidKey) {
        unsafe PEM_read_bio_PrivateKey($0, nil, refusePassphrase, nil)
      })
  }

  /// Reads the first object of a kind in a text, as OpenSSL's reader of that kind does.
  static func read(
    _ text: [UInt8], _ operation: String, otherwise code: CryptographyError.Code,
    _ reader: (OpaquePointer) -> OpaquePointer?
  ) throws(CryptographyError) -> OpaquePointer {
    try unsafe CryptographyError.make(operation, otherwise: code) {
      unsafe text.span.withUnsafeBufferPointer { text in
        guard let source = unsafe BIO_new_mem_buf(text.baseAddress, Int32(text.count)) else {
          return nil
        }
        defer { unsafe BIO_free(source) }
        return unsafe reader(source)
      }
    }
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

  /// What was written to a memory BIO.
  static func contents(of sink: OpaquePointer) -> [UInt8] {
    var start: UnsafeMutablePointer<CChar>?
    let count = unsafe COpenSSL_BIO_get_mem_data(sink, &start)
    return unsafe UnsafeBufferPointer(start: start, count: count).map(UInt8.init(bitPattern:))
  }
}

/// Keeps OpenSSL from asking for a passphrase at the terminal.
func refusePassphrase(
  _: UnsafeMutablePointer<CChar>?, _: Int32, _: Int32, _: UnsafeMutableRawPointer?
) -> Int32 { -1 }
