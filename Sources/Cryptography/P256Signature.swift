import COpenSSL

/// The two forms of an ECDSA P-256 signature: r ‖ s in 64 bytes (RFC 7518 §3.4), and the ASN.1
/// form that OpenSSL speaks.
enum P256Signature {
  static let count = 64
  /// The longest ASN.1 form: a sequence of two integers of 33 bytes.
  static let maximumDERCount = 72

  /// The 64 bytes of a signature in ASN.1 form; nil when it is none.
  static func raw(der: Span<UInt8>) -> [UInt8]? {
    let signature = unsafe der.withUnsafeBufferPointer { buffer in
      var next = buffer.baseAddress
      return unsafe d2i_ECDSA_SIG(nil, &next, buffer.count)
    }
    guard let signature = unsafe signature else { return nil }
    defer { unsafe ECDSA_SIG_free(signature) }
    guard let r = unsafe BigNumber.bytes(of: ECDSA_SIG_get0_r(signature)),
      let s = unsafe BigNumber.bytes(of: ECDSA_SIG_get0_s(signature))
    else { return nil }
    return r + s
  }

  /// The ASN.1 form of 64 bytes; nil when there is no memory for it.
  static func der(raw: Span<UInt8>) -> [UInt8]? {
    guard let signature = unsafe ECDSA_SIG_new() else { return nil }
    defer { unsafe ECDSA_SIG_free(signature) }
    let r = unsafe BigNumber.make(raw.extracting(first: 32))
    let s = unsafe BigNumber.make(raw.extracting(last: 32))
    guard unsafe ECDSA_SIG_set0(signature, r, s) == 1 else {
      unsafe BN_free(r)
      unsafe BN_free(s)
      return nil
    }
    return unsafe [UInt8](unsafeUninitializedCapacity: maximumDERCount) { buffer, count in
      var next = buffer.baseAddress
      count = unsafe Int(i2d_ECDSA_SIG(signature, &next))
    }
  }
}
