/// Why a token or a key is refused before any signature is checked.
package enum JOSEError: Error, Equatable, Sendable {
  /// The token has more than `JWS.maximumCount` bytes.
  case tooLong
  /// The token is not three parts with a full stop between them.
  case notThreeParts
  /// A part, or a coordinate of a key, is not unpadded base64url.
  case notBase64URL
  /// The header is not a JSON object, or a field of it is not a string.
  case invalidHeader
  /// The header asks for an algorithm other than ES256, `none` in particular.
  case unsupportedAlgorithm
  /// The header names extensions that must be understood (RFC 7515 §4.1.11).
  case criticalExtension
  /// The signature is not 64 bytes long.
  case invalidSignature
  /// The JSON is not the public form of an EC key on P-256 for ES256 signatures.
  case invalidKey
}
