import COpenSSL

/// HMAC with SHA-256 (RFC 2104, FIPS 198-1).
///
/// Nothing here throws, for the reason that `SHA256` gives.
package enum HMACSHA256 {
  /// For a key that is used once; keep a `Key` for one that is used often.
  package static func authenticationCode(key: [UInt8], _ message: [UInt8]) -> SHA256Digest {
    Key(key).authenticationCode(message)
  }

  /// A key that is ready for use, from any thread.
  @safe package final class Key: @unchecked Sendable {
    /// Holds the keyed state. Never changed after `init`, only copied, which any number of threads
    /// may do at once.
    private let keyed: OpaquePointer

    /// - Parameter bytes: of any length but none; 32 random bytes are enough.
    package init(_ bytes: [UInt8]) {
      precondition(!bytes.isEmpty, "an HMAC without a key")
      unsafe keyed = HMACSHA256.makeContext()
      let status = unsafe bytes.span.withUnsafeBufferPointer { buffer in
        unsafe EVP_MAC_init(keyed, buffer.baseAddress, buffer.count, nil)
      }
      precondition(status == 1, "OpenSSL cannot begin an HMAC")
    }

    deinit {
      unsafe EVP_MAC_CTX_free(keyed)
    }

    package func authenticationCode(_ message: Span<UInt8>) -> SHA256Digest {
      guard let context = unsafe EVP_MAC_CTX_dup(keyed) else {
        fatalError("no memory for an HMAC context")
      }
      defer { unsafe EVP_MAC_CTX_free(context) }
      let status = unsafe message.withUnsafeBufferPointer { buffer in
        unsafe EVP_MAC_update(context, buffer.baseAddress, buffer.count)
      }
      precondition(status == 1, "OpenSSL cannot go on with an HMAC")
      return unsafe HMACSHA256.finish(context)
    }

    package func authenticationCode(_ message: [UInt8]) -> SHA256Digest {
      authenticationCode(message.span)
    }
  }

  /// Never freed and never changed, so every thread may use it.
  private nonisolated(unsafe) static let algorithm: OpaquePointer = {
    guard let algorithm = unsafe EVP_MAC_fetch(nil, "HMAC", nil) else {
      fatalError("this OpenSSL has no HMAC")
    }
    return unsafe algorithm
  }()

  /// A context for HMAC-SHA-256 that has no key yet.
  private static func makeContext() -> OpaquePointer {
    guard let context = unsafe EVP_MAC_CTX_new(algorithm) else {
      fatalError("no memory for an HMAC context")
    }
    var name = "SHA256".utf8CString
    let status = unsafe name.withUnsafeMutableBufferPointer { name in
      var parameters = unsafe [
        COpenSSL_digest_parameter(name.baseAddress),
        OSSL_PARAM_construct_end(),
      ]
      return unsafe EVP_MAC_CTX_set_params(context, &parameters)
    }
    precondition(status == 1, "this OpenSSL has no HMAC with SHA-256")
    return unsafe context
  }

  private static func finish(_ context: OpaquePointer) -> SHA256Digest {
    unsafe SHA256Digest { output in
      var count = 0
      let status = unsafe EVP_MAC_final(context, output, &count, SHA256Digest.count)
      precondition(status == 1 && count == SHA256Digest.count, "OpenSSL cannot finish an HMAC")
    }
  }
}
