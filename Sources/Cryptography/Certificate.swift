import COpenSSL

/// An X.509 certificate (RFC 5280), for the public key in it: who issued it and when it ends are not
/// looked at. Never changed after it was read, so every thread may use it.
@safe package final class Certificate: @unchecked Sendable {
  private let pointer: OpaquePointer

  /// Reads the first certificate in a PEM text.
  ///
  /// - Throws: `invalidKey` when there is none.
  package init(pem: [UInt8]) throws(CryptographyError) {
    unsafe pointer = try unsafe PEM.read(pem, "reading a certificate", otherwise: .invalidKey) {
      unsafe PEM_read_bio_X509($0, nil, refusePassphrase, nil)
    }
  }

  deinit { unsafe X509_free(pointer) }

  /// SHA-256 of the certificate's DER, in lower-case hexadecimal.
  package var fingerprint: String {
    get throws(CryptographyError) {
      var bytes = [UInt8](repeating: 0, count: 32)
      try CryptographyError.check("hashing a certificate") {
        unsafe X509_digest(pointer, EVP_sha256(), &bytes, nil)
      }
      return Hexadecimal.encode(bytes)
    }
  }

  /// Lends the `X509` for the time of the call.
  func withPointer<Result, E: Error>(
    _ body: (OpaquePointer) throws(E) -> Result
  ) throws(E) -> Result {
    try unsafe body(pointer)
  }
}
