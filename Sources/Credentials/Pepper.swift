package import Cryptography

/// A key that verifiers are made under; kept apart from the log.
///
/// Without it a verifier cannot be tested against a guess. A pepper that leaks together with the
/// log exposes secrets that a person chose to guessing; generated ones hold 256 random bits.
package struct Pepper: Sendable {
  /// Eight hexadecimal characters; events name the pepper by it.
  package let id: String
  private let bytes: [UInt8]
  private let key: HMACSHA256.Key

  init(id: String, key bytes: [UInt8]) {
    self.id = id
    self.bytes = bytes
    key = HMACSHA256.Key(bytes)
  }

  static func generate() -> Pepper {
    Pepper(
      id: Hexadecimal.encode(SecureRandom.bytes(4)), key: SecureRandom.bytes(32))
  }

  func authenticationCode(_ message: [UInt8]) -> SHA256Digest {
    key.authenticationCode(message)
  }

  /// HMAC-SHA-256 over `tallystick request body v1` ‖ 0 ‖ body: tells whether a body that holds a
  /// secret is the same again, without being of use for guessing it.
  package func digest(ofBody body: [UInt8]) -> SHA256Digest {
    authenticationCode(Array("tallystick request body v1\0".utf8) + body)
  }

  /// The line of the pepper file: id, space, key in base64url.
  var line: String { "\(id) \(Base64URL.encode(bytes))" }

  init?(line: Substring) {
    let fields = line.split(separator: " ")
    guard fields.count == 2, fields[0].utf8.count == 8,
      let key = Base64URL.decode(String(fields[1])), key.count == 32
    else { return nil }
    self.init(id: String(fields[0]), key: key)
  }
}
