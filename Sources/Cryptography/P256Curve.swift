import COpenSSL

/// What OpenSSL is told and asked about keys on P-256.
enum P256Curve {
  /// OpenSSL's name for secp256r1.
  static let name = "prime256v1"

  /// A key from an uncompressed point (SEC 1 §2.3.3); `invalidKey` unless it is on the curve.
  static func publicKey(point: [UInt8]) throws(CryptographyError) -> EVPKey {
    let operation = "reading a P-256 public key"
    let context = try unsafe CryptographyError.make(operation) {
      unsafe EVP_PKEY_CTX_new_from_name(nil, "EC", nil)
    }
    defer { unsafe EVP_PKEY_CTX_free(context) }
    try CryptographyError.check(operation) { unsafe EVP_PKEY_fromdata_init(context) }
    return try unsafe EVPKey(
      owning: CryptographyError.make(operation, otherwise: .invalidKey) {
        unsafe fromData(context, point: point)
      })
  }

  private static func fromData(_ context: OpaquePointer, point: [UInt8]) -> OpaquePointer? {
    var name = name.utf8CString
    var point = point
    return unsafe name.withUnsafeMutableBufferPointer { name in
      unsafe point.withUnsafeMutableBytes { point in
        var parameters = unsafe [
          COpenSSL_group_name_parameter(name.baseAddress),
          COpenSSL_public_key_parameter(point.baseAddress, point.count),
          OSSL_PARAM_construct_end(),
        ]
        var key: OpaquePointer?
        unsafe EVP_PKEY_fromdata(context, &key, COpenSSL_EVP_PKEY_PUBLIC_KEY(), &parameters)
        return unsafe key
      }
    }
  }

  /// Whether this is an EC key on P-256.
  static func contains(_ key: OpaquePointer) -> Bool {
    guard unsafe EVP_PKEY_is_a(key, "EC") == 1 else { return false }
    return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
      var count = 0
      guard unsafe EVP_PKEY_get_group_name(key, text.baseAddress, text.count, &count) == 1
      else { return false }
      return unsafe String(cString: text.baseAddress!) == name
    }
  }

  /// One of the affine coordinates of a key's public point.
  static func coordinate(_ parameter: String, of key: OpaquePointer) -> [UInt8]? {
    var number: OpaquePointer?
    guard unsafe EVP_PKEY_get_bn_param(key, parameter, &number) == 1 else { return nil }
    defer { unsafe BN_free(number) }
    return unsafe BigNumber.bytes(of: number)
  }

  /// Verifies with a context that is ready for it.
  static func isValid(
    _ signature: [UInt8], for digest: SHA256Digest, _ context: OpaquePointer
  ) -> Bool {
    digest.withSpan { digest in
      unsafe digest.withUnsafeBufferPointer { digest in
        unsafe EVP_PKEY_verify(
          context, signature, signature.count, digest.baseAddress, digest.count) == 1
      }
    }
  }
}
