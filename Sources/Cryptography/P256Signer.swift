import COpenSSL

/// Signs with ECDSA over SHA-256 on P-256. It keeps one signing context, so it belongs to the
/// thread that made it; others make their own from the same key.
@safe package final class P256Signer {
  private let context: OpaquePointer
  /// Where OpenSSL writes.
  private var der = [UInt8](repeating: 0, count: P256Signature.maximumDERCount)

  package init(_ key: P256PrivateKey) throws(CryptographyError) {
    unsafe context = try unsafe CryptographyError.make("preparing to sign") {
      unsafe key.key.withPointer { unsafe EVP_PKEY_CTX_new_from_pkey(nil, $0, nil) }
    }
    try CryptographyError.check("preparing to sign") { unsafe EVP_PKEY_sign_init(context) }
  }

  deinit {
    unsafe EVP_PKEY_CTX_free(context)
  }

  /// The signature as 64 bytes, r ‖ s (RFC 7518 §3.4). Another one every time.
  package func sign(_ message: Span<UInt8>) throws(CryptographyError) -> [UInt8] {
    let digest = SHA256.hash(message)
    var count = der.count
    try CryptographyError.check("signing") {
      digest.withSpan { digest in
        unsafe digest.withUnsafeBufferPointer { digest in
          unsafe EVP_PKEY_sign(context, &der, &count, digest.baseAddress, digest.count)
        }
      }
    }
    let made = der
    guard let raw = P256Signature.raw(der: made.span.extracting(first: count)) else {
      throw CryptographyError(.libraryFailure, "reading a signature that was just made")
    }
    return raw
  }

  package func sign(_ message: [UInt8]) throws(CryptographyError) -> [UInt8] {
    try sign(message.span)
  }
}
