import COpenSSL

/// The two forms of an ECDSA P-256 signature: r ‖ s in 64 bytes (RFC 7518 §3.4), and the ASN.1
/// form that OpenSSL speaks.
enum P256Signature {
  static let count = 64
  /// The longest ASN.1 form: a sequence of two integers of 33 bytes.
  static let maximumDERCount = 72

  /// The 64 bytes of a signature in ASN.1 form (X.690 §8.3, §8.9); nil when it is none.
  static func raw(der: Span<UInt8>) -> [UInt8]? {
    guard der.count >= 2, der[0] == 0x30, Int(der[1]) == der.count - 2 else { return nil }
    var raw = [UInt8](repeating: 0, count: count)
    var place = 2
    for end in [count / 2, count] {
      guard let integer = takeInteger(der, &place) else { return nil }
      for offset in 0..<integer.count {
        raw[end - 1 - offset] = der[integer.upperBound - 1 - offset]
      }
    }
    return place == der.count ? raw : nil
  }

  /// Where the bytes of the integer at a place are, without the zero that keeps it positive; nil
  /// when they are more than 32 or none.
  private static func takeInteger(_ der: Span<UInt8>, _ place: inout Int) -> Range<Int>? {
    guard place + 2 <= der.count, der[place] == 0x02 else { return nil }
    var start = place + 2
    let end = start + Int(der[place + 1])
    guard start < end, end <= der.count else { return nil }
    if der[start] == 0 { start += 1 }
    guard end - start <= count / 2 else { return nil }
    place = end
    return start..<end
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
