package import Cryptography

/// A private key that notes are signed with: Ed25519, signature type 0x01 of C2SP signed-note. Its
/// description does not show it.
package struct NoteSigner: Sendable, CustomStringConvertible, CustomReflectable {
  private static let prefix = "PRIVATE+KEY+"

  /// The public half.
  package let verifier: NoteVerifier
  private let privateKey: Ed25519PrivateKey

  /// - Throws: `malformed` for a name that a key cannot have.
  package init(name: String, privateKey: Ed25519PrivateKey) throws(NoteError) {
    verifier = try NoteVerifier(name: name, publicKey: privateKey.publicKey)
    self.privateKey = privateKey
  }

  /// Reads `PRIVATE+KEY+name+key id+base64(0x01 ‖ seed)` (golang.org/x/mod/sumdb/note).
  ///
  /// - Throws: `malformed`, also when the id is not that of name and key; the sentence shows
  ///   nothing of the text.
  package init(_ text: String) throws(NoteError) {
    guard text.utf8.starts(with: Self.prefix.utf8),
      let fields = EncodedKey(text.dropFirst(Self.prefix.count)),
      let privateKey = try? Ed25519PrivateKey(seed: fields.bytes)
    else { throw NoteError(.malformed, "this is no note key: PRIVATE+KEY+name+id+key") }
    try self.init(name: fields.name, privateKey: privateKey)
    guard verifier.key.id == fields.id else {
      throw NoteError(.malformed, "the note key's id is not that of its name and key")
    }
  }

  package var name: String { verifier.key.name }

  /// The text that the key is kept as. Secret.
  package func disclose() -> String {
    let bytes = [NoteVerifier.signatureType] + privateKey.seed
    return "\(Self.prefix)\(verifier.key)+\(Base64.encode(bytes))"
  }

  func sign(_ text: [UInt8]) throws(CryptographyError) -> NoteSignature {
    NoteSignature(key: verifier.key, bytes: try privateKey.sign(text))
  }

  package var description: String { "note key of \(verifier.key)" }

  package var customMirror: Mirror { Mirror(self, children: []) }
}
