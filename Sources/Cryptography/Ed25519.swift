import COpenSSL

/// A private key for Ed25519 (RFC 8032). Usable from every thread.
package final class Ed25519PrivateKey: Sendable {
  /// The 32 bytes that the key is made from (RFC 8032 §5.1.5). Secret.
  package let seed: [UInt8]
  package let publicKey: Ed25519PublicKey
  private let key: EVPKey

  /// - Parameter seed: 32 bytes, all of them random.
  /// - Throws: `invalidKey` when there are not 32.
  package init(seed: [UInt8]) throws(CryptographyError) {
    key = try unsafe EVPKey(
      owning: CryptographyError.make(
        "reading an Ed25519 private key", otherwise: .invalidKey
      ) {
        unsafe EVP_PKEY_new_raw_private_key_ex(nil, "ED25519", nil, seed, seed.count)
      })
    publicKey = try Ed25519PublicKey(bytes: Ed25519.publicBytes(of: key))
    self.seed = seed
  }

  package static func generate() throws(CryptographyError) -> Ed25519PrivateKey {
    try Ed25519PrivateKey(seed: SecureRandom.bytes(Ed25519.keyCount))
  }

  /// The 64 bytes of the signature; the same every time for the same message.
  package func sign(_ message: Span<UInt8>) throws(CryptographyError) -> [UInt8] {
    let context = try unsafe CryptographyError.make("signing") { unsafe EVP_MD_CTX_new() }
    defer { unsafe EVP_MD_CTX_free(context) }
    try CryptographyError.check("signing") {
      unsafe key.withPointer { unsafe EVP_DigestSignInit_ex(context, nil, nil, nil, nil, $0, nil) }
    }
    var signature = [UInt8](repeating: 0, count: Ed25519.signatureCount)
    var count = signature.count
    try CryptographyError.check("signing") {
      unsafe message.withUnsafeBufferPointer { message in
        unsafe EVP_DigestSign(context, &signature, &count, message.baseAddress, message.count)
      }
    }
    return signature
  }

  package func sign(_ message: [UInt8]) throws(CryptographyError) -> [UInt8] {
    try sign(message.span)
  }
}

/// A public key for Ed25519 (RFC 8032). Usable from every thread.
package final class Ed25519PublicKey: Sendable {
  /// The 32 bytes of RFC 8032 §5.1.2.
  package let bytes: [UInt8]
  private let key: EVPKey

  /// - Throws: `invalidKey` when there are not 32 bytes. Bytes that encode no point are accepted,
  ///   and no signature is valid for them.
  package init(bytes: [UInt8]) throws(CryptographyError) {
    key = try unsafe EVPKey(
      owning: CryptographyError.make(
        "reading an Ed25519 public key", otherwise: .invalidKey
      ) {
        unsafe EVP_PKEY_new_raw_public_key_ex(nil, "ED25519", nil, bytes, bytes.count)
      })
    self.bytes = bytes
  }

  /// Whether this is the private key's signature over the message. False for anything else, a
  /// signature of another length included.
  package func isValid(signature: Span<UInt8>, for message: Span<UInt8>) -> Bool {
    guard let context = unsafe EVP_MD_CTX_new() else { return false }
    defer { unsafe EVP_MD_CTX_free(context) }
    ERR_clear_error()
    defer { ERR_clear_error() }
    let begun = unsafe key.withPointer {
      unsafe EVP_DigestVerifyInit_ex(context, nil, nil, nil, nil, $0, nil)
    }
    return unsafe begun == 1 && Ed25519.isValid(signature, for: message, context)
  }

  package func isValid(signature: [UInt8], for message: [UInt8]) -> Bool {
    isValid(signature: signature.span, for: message.span)
  }
}

private enum Ed25519 {
  static let keyCount = 32
  static let signatureCount = 64

  static func publicBytes(of key: EVPKey) throws(CryptographyError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: keyCount)
    var count = bytes.count
    try CryptographyError.check("finding the public half of an Ed25519 key") {
      unsafe key.withPointer { unsafe EVP_PKEY_get_raw_public_key($0, &bytes, &count) }
    }
    return bytes
  }

  /// Verifies with a context that is ready for it.
  static func isValid(
    _ signature: Span<UInt8>, for message: Span<UInt8>, _ context: OpaquePointer
  ) -> Bool {
    unsafe signature.withUnsafeBufferPointer { signature in
      unsafe message.withUnsafeBufferPointer { message in
        unsafe EVP_DigestVerify(
          context, signature.baseAddress, signature.count, message.baseAddress, message.count) == 1
      }
    }
  }
}
