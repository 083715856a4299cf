package import Cryptography

/// A client secret in the clear. Exists for the length of a request; it has no encoding, and its
/// description does not show it.
///
/// Generated: `tsk_live_` or `tsk_test_`, 43 base62 characters that hold 256 random bits, and 6
/// base62 characters of CRC-32 over all before them, so that scanners find it and typing errors
/// are told apart.
package struct ClientSecret: Sendable, CustomStringConvertible, CustomReflectable {
  private let characters: [UInt8]

  private init(characters: [UInt8]) { self.characters = characters }

  package static func generate(isTest: Bool) -> ClientSecret {
    var characters = Array((isTest ? "tsk_test_" : "tsk_live_").utf8)
    characters += Base62.encode(SecureRandom.bytes(32))
    return ClientSecret(characters: characters + Base62.checksum(of: characters))
  }

  /// What a request presents: anything at all, whatever its form.
  package init(presented text: String) { characters = Array(text.utf8) }

  /// Shows the secret, once: to the person who asked for it.
  package func disclose() -> String { String(decoding: characters, as: UTF8.self) }

  package var lastFour: String { String(decoding: characters.suffix(4), as: UTF8.self) }

  /// Whether it has the form of a generated secret with a checksum that is right.
  package var isWellFormed: Bool {
    let prefix = characters.prefix(9)
    guard characters.count == 58,
      prefix.elementsEqual("tsk_live_".utf8) || prefix.elementsEqual("tsk_test_".utf8)
    else { return false }
    return Base62.checksum(of: Array(characters.prefix(52))).elementsEqual(characters.suffix(6))
  }

  package var description: String { "client secret" }

  package var customMirror: Mirror { Mirror(self, children: []) }

  /// HMAC-SHA-256 under a pepper over `tallystick client secret v1` ‖ 0 ‖ client ‖ 0 ‖ secret.
  ///
  /// - Parameter client: the internal identifier of the client, as text, so that a verifier is of
  ///   no use for another one.
  package func verifier(pepper: Pepper, client: [UInt8]) -> SHA256Digest {
    var message: [UInt8] = []
    message.reserveCapacity(128)
    message += "tallystick client secret v1\0".utf8
    message += client
    message.append(0)
    message += characters
    return pepper.authenticationCode(message)
  }
}
