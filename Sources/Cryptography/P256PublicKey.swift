import COpenSSL

/// A public key on the curve P-256 (FIPS 186-4, secp256r1) for ECDSA with SHA-256.
package final class P256PublicKey: Sendable {
  /// The affine coordinates, 32 bytes each, most significant first.
  package let x: [UInt8]
  package let y: [UInt8]
  private let key: EVPKey

  /// - Parameters: the affine coordinates, 32 bytes each, most significant first.
  /// - Throws: `invalidKey` when they are not 32 bytes each or not a point on the curve.
  package init(x: [UInt8], y: [UInt8]) throws(CryptographyError) {
    guard x.count == BigNumber.count, y.count == BigNumber.count else {
      throw CryptographyError(.invalidKey, "reading a P-256 public key")
    }
    key = try P256Curve.publicKey(point: [0x04] + x + y)
    self.x = x
    self.y = y
  }

  /// Whether these are the 64 bytes r ‖ s (RFC 7518 §3.4) that the private key's owner made over
  /// this message. False for anything else: a signature of another length, or of r or s out of
  /// range.
  package func isValid(signature: Span<UInt8>, for message: Span<UInt8>) -> Bool {
    guard signature.count == P256Signature.count,
      let der = P256Signature.der(raw: signature),
      let context = unsafe key.withPointer({ unsafe EVP_PKEY_CTX_new_from_pkey(nil, $0, nil) })
    else { return false }
    defer { unsafe EVP_PKEY_CTX_free(context) }
    ERR_clear_error()
    defer { ERR_clear_error() }
    guard unsafe EVP_PKEY_verify_init(context) == 1 else { return false }
    return unsafe P256Curve.isValid(der, for: SHA256.hash(message), context)
  }

  package func isValid(signature: [UInt8], for message: [UInt8]) -> Bool {
    isValid(signature: signature.span, for: message.span)
  }
}

extension P256PublicKey: Equatable {
  package static func == (left: P256PublicKey, right: P256PublicKey) -> Bool {
    left.x == right.x && left.y == right.y
  }
}
