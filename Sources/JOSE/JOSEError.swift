/// What is wrong with a JWS or JWK.
package enum JOSEError: Error, Sendable, Hashable {
  /// Not three parts of base64url, or longer than 8 KiB.
  case malformed
  /// The header is no object with string members, or has `crit` (RFC 7515 §4.1.11).
  case unsupportedHeader
  /// Another algorithm than ES256; `none` among them.
  case unsupportedAlgorithm
  /// No public key of the curve P-256.
  case unsupportedKey
}
