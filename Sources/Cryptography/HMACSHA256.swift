/// HMAC with SHA-256 (RFC 2104, FIPS 198-1).
///
/// Made of two hashes, as its definition says: OpenSSL's own takes memory for every code.
package enum HMACSHA256 {
  /// For a key that is used once; keep a `Key` for one that is used often.
  package static func authenticationCode(key: [UInt8], _ message: [UInt8]) -> SHA256Digest {
    Key(key).authenticationCode(message)
  }

  /// A key that is ready for use, from any thread.
  package struct Key: Sendable {
    /// The key, filled with zeros to a block of SHA-256, under the inner and the outer pad.
    private let inner: [UInt8]
    private let outer: [UInt8]

    /// - Parameter bytes: of any length but none; 32 random bytes are enough.
    package init(_ bytes: [UInt8]) {
      precondition(!bytes.isEmpty, "an HMAC without a key")
      let key = bytes.count > HMACSHA256.blockSize ? SHA256.hash(bytes).bytes : bytes
      let block = key + [UInt8](repeating: 0, count: HMACSHA256.blockSize - key.count)
      inner = block.map { $0 ^ 0x36 }
      outer = block.map { $0 ^ 0x5c }
    }

    package func authenticationCode(_ message: Span<UInt8>) -> SHA256Digest {
      SHA256.hash(inner.span, message).withSpan { SHA256.hash(outer.span, $0) }
    }

    package func authenticationCode(_ message: [UInt8]) -> SHA256Digest {
      authenticationCode(message.span)
    }
  }

  private static let blockSize = 64
}
