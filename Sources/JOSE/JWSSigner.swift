import CanonicalJSON
package import Cryptography

/// Makes ES256 tokens in JWS compact form. It keeps one signing context, so it belongs to the
/// thread that made it; others make their own from the same key.
package struct JWSSigner {
  private let signer: P256Signer
  /// The encoded header and the full stop after it: the same for every token.
  private let prefix: [UInt8]

  /// - Parameters:
  ///   - type: the header's `typ`, such as `at+jwt` (RFC 9068 §2.1).
  ///   - keyID: the header's `kid`, by which verifiers find the key in the key set.
  package init(
    key: P256PrivateKey, type: String, keyID: String
  ) throws(CryptographyError) {
    signer = try P256Signer(key)
    let header = JSON.object([
      .init("alg", .string("ES256")), .init("kid", .string(keyID)), .init("typ", .string(type)),
    ])
    var prefix: [UInt8] = []
    Base64URL.append(header.canonicalBytes().span, to: &prefix)
    prefix.append(UInt8(ascii: "."))
    self.prefix = prefix
  }

  /// The token over these bytes, in ASCII. Another one every time: ECDSA is randomised.
  package func sign(payload: Span<UInt8>) throws(CryptographyError) -> [UInt8] {
    var token = prefix
    token.reserveCapacity(prefix.count + payload.count * 4 / 3 + 90)
    Base64URL.append(payload, to: &token)
    let signature = try signer.sign(token)
    token.append(UInt8(ascii: "."))
    Base64URL.append(signature.span, to: &token)
    return token
  }

  package func sign(payload: [UInt8]) throws(CryptographyError) -> [UInt8] {
    try sign(payload: payload.span)
  }
}
