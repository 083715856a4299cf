import CanonicalJSON
package import Cryptography

/// A JSON Web Signature in compact form (RFC 7515 §7.1), ES256 alone. Parsed, not yet believed.
package struct JWS: Sendable {
  /// Longer ones are refused before anything else is looked at.
  package static let maximumSize = 8_192

  /// `typ`, as written.
  package let type: String?
  /// `kid`.
  package let keyID: String?
  package let payload: [UInt8]
  private let signingInput: [UInt8]
  private let signature: [UInt8]

  /// - Throws: `JOSEError` for anything that is not strictly the compact form.
  package static func parse(_ compact: String) throws(JOSEError) -> JWS {
    let bytes = Array(compact.utf8)
    let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard bytes.count <= maximumSize, parts.count == 3,
      let headerBytes = decode(parts[0]), let payload = decode(parts[1]),
      let signature = decode(parts[2]), signature.count == 64
    else { throw .malformed }
    guard let header = try? JSON.parse(headerBytes), header.members != nil,
      header["crit"] == nil
    else { throw .unsupportedHeader }
    guard header["alg"]?.string == "ES256" else { throw .unsupportedAlgorithm }
    return JWS(
      type: try text("typ", header), keyID: try text("kid", header), payload: payload,
      signingInput: Array(bytes[..<parts[1].endIndex]), signature: signature)
  }

  /// Whether the holder of the key signed exactly these bytes.
  package func isSigned(by key: P256PublicKey) -> Bool {
    key.isValid(signature: signature, for: signingInput)
  }

  private static func decode(_ part: ArraySlice<UInt8>) -> [UInt8]? {
    Base64URL.decode(part.span)
  }

  private static func text(_ name: String, _ header: JSON) throws(JOSEError) -> String? {
    guard let value = header[name] else { return nil }
    guard let text = value.string else { throw .unsupportedHeader }
    return text
  }
}
