import CanonicalJSON
package import Cryptography

/// Makes JSON Web Signatures in compact form with one ES256 key. Keeps its header encoded and its
/// signing context; belongs to one thread.
package struct JWSSigner {
  private let header: [UInt8]
  private let signer: P256Signer

  /// - Parameters:
  ///   - type: `typ`, for example `at+jwt` (RFC 9068 §2.1).
  ///   - keyID: `kid`.
  package init(key: P256PrivateKey, type: String, keyID: String) throws(CryptographyError) {
    let header = JSON.object([
      .init("alg", .string("ES256")), .init("kid", .string(keyID)), .init("typ", .string(type)),
    ])
    self.header = Array((Base64URL.encode(header.canonicalBytes()) + ".").utf8)
    signer = try P256Signer(key)
  }

  /// The compact form, in ASCII.
  package func sign(payload: [UInt8]) throws(CryptographyError) -> [UInt8] {
    var compact = header
    compact.reserveCapacity(header.count + payload.count * 4 / 3 + 92)
    Base64URL.append(payload.span, to: &compact)
    let signature = try signer.sign(compact)
    compact.append(UInt8(ascii: "."))
    Base64URL.append(signature.span, to: &compact)
    return compact
  }
}
