import COpenSSL

/// A private key on the curve P-256. Usable from every thread; what signs with it is a
/// `P256Signer`, one for each thread.
package final class P256PrivateKey: Sendable {
  package let publicKey: P256PublicKey
  let key: EVPKey

  private init(_ key: EVPKey, code: CryptographyError.Code) throws(CryptographyError) {
    let coordinates = unsafe key.withPointer { key in
      unsafe (
        P256Curve.coordinate(OSSL_PKEY_PARAM_EC_PUB_X, of: key),
        P256Curve.coordinate(OSSL_PKEY_PARAM_EC_PUB_Y, of: key)
      )
    }
    guard case (let x?, let y?) = coordinates else {
      throw CryptographyError(code, "finding the public half of a P-256 key")
    }
    publicKey = try P256PublicKey(x: x, y: y)
    self.key = key
  }

  /// A new key from OpenSSL's random generator.
  package static func generate() throws(CryptographyError) -> P256PrivateKey {
    let key = try unsafe EVPKey(
      owning: CryptographyError.make("generating a P-256 key") {
        unsafe COpenSSL_EVP_EC_gen(P256Curve.name)
      })
    return try P256PrivateKey(key, code: .libraryFailure)
  }

  /// Reads a key in PEM: unencrypted PKCS #8 (RFC 5958) or the older SEC 1 form (RFC 5915).
  /// - Throws: `invalidKey` when it is anything else, on another curve, or when its public half
  ///   does not belong to its private half.
  package convenience init(pem: [UInt8]) throws(CryptographyError) {
    let key = try PEM.privateKey(pem)
    guard unsafe key.withPointer({ unsafe P256Curve.contains($0) }) else {
      throw CryptographyError(.invalidKey, "finding a P-256 key in the PEM")
    }
    try P256PrivateKey.checkHalves(of: key)
    try self.init(key, code: .invalidKey)
  }

  /// The key as unencrypted PKCS #8 in PEM. Secret: write it where only its owner reads.
  package func pem() throws(CryptographyError) -> [UInt8] { try PEM.text(of: key) }

  private static func checkHalves(of key: EVPKey) throws(CryptographyError) {
    let operation = "checking a P-256 key"
    let context = try unsafe CryptographyError.make(operation) {
      unsafe key.withPointer { unsafe EVP_PKEY_CTX_new_from_pkey(nil, $0, nil) }
    }
    defer { unsafe EVP_PKEY_CTX_free(context) }
    try CryptographyError.check(operation, otherwise: .invalidKey) {
      unsafe EVP_PKEY_pairwise_check(context)
    }
  }
}
