import COpenSSL

/// Whether two byte strings are equal, in a time that depends on their length alone. Strings of
/// different length are unequal at once: length is no secret.
package func constantTimeEquals(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
  guard left.count == right.count else { return false }
  return unsafe left.withUnsafeBufferPointer { left in
    unsafe right.withUnsafeBufferPointer { right in
      unsafe CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count) == 0
    }
  }
}

package func constantTimeEquals(_ left: [UInt8], _ right: [UInt8]) -> Bool {
  constantTimeEquals(left.span, right.span)
}

package func constantTimeEquals(_ left: SHA256Digest, _ right: SHA256Digest) -> Bool {
  left.withSpan { left in right.withSpan { right in constantTimeEquals(left, right) } }
}
