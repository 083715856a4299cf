import CanonicalJSON
package import Cryptography

/// A token in JWS compact form (RFC 7515 §7.1), signed with ES256 or not: reading one checks its
/// shape alone. Trust nothing in it before `isSigned(by:)` said yes.
///
/// The algorithm is fixed, and keys that a header brings or points to (`jwk`, `jku`, `x5c`) are
/// ignored: the verifier's own keys decide.
package struct JWS: Sendable {
  /// The longest token that is read, in bytes.
  package static let maximumCount = 8192

  /// The header's `typ`.
  package let type: String?
  /// The header's `kid`.
  package let keyID: String?
  package let payload: [UInt8]
  /// The header and payload as they are encoded, with the full stop between them.
  private let signingInput: [UInt8]
  private let signature: [UInt8]

  package static func parse(_ compact: [UInt8]) throws(JOSEError) -> JWS {
    guard compact.count <= maximumCount else { throw .tooLong }
    let parts = compact.split(
      separator: UInt8(ascii: "."), maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 3 else { throw .notThreeParts }
    return try JWS(compact, header: parts[0], payload: parts[1], signature: parts[2])
  }

  package static func parse(_ compact: String) throws(JOSEError) -> JWS {
    guard compact.utf8.count <= maximumCount else { throw .tooLong }
    return try parse(Array(compact.utf8))
  }

  private init(
    _ compact: [UInt8], header: ArraySlice<UInt8>, payload: ArraySlice<UInt8>,
    signature: ArraySlice<UInt8>
  ) throws(JOSEError) {
    let header = try JWSHeader(decoded(header))
    type = header.type
    keyID = header.keyID
    self.payload = try decoded(payload)
    signingInput = Array(compact[..<payload.endIndex])
    self.signature = try decoded(signature)
    guard self.signature.count == 64 else { throw .invalidSignature }
  }

  /// Whether the owner of the key signed this header and payload.
  package func isSigned(by key: P256PublicKey) -> Bool {
    key.isValid(signature: signature, for: signingInput)
  }
}

/// What a header says, once it is known to ask for ES256 and for nothing else.
private struct JWSHeader {
  let type: String?
  let keyID: String?

  init(_ bytes: [UInt8]) throws(JOSEError) {
    guard let json = try? JSON.parse(bytes), case .object = json else { throw .invalidHeader }
    guard case .string = json["alg"] else { throw .invalidHeader }
    guard json["alg"] == .string("ES256") else { throw .unsupportedAlgorithm }
    guard json["crit"] == nil else { throw .criticalExtension }
    type = try json.text(of: "typ")
    keyID = try json.text(of: "kid")
  }
}

extension JSON {
  /// A header field that must be a string where it stands.
  fileprivate func text(of name: String) throws(JOSEError) -> String? {
    guard let field = self[name] else { return nil }
    guard let text = field.string else { throw .invalidHeader }
    return text
  }
}

private func decoded(_ part: ArraySlice<UInt8>) throws(JOSEError) -> [UInt8] {
  guard let bytes = Base64URL.decode(part.span) else { throw .notBase64URL }
  return bytes
}
