package import Cryptography

/// A public key that notes are checked with: Ed25519, signature type 0x01 of C2SP signed-note.
package struct NoteVerifier: Sendable {
  static let signatureType: UInt8 = 0x01

  package let key: NoteKey
  private let publicKey: Ed25519PublicKey

  /// - Throws: `malformed` for a name that a key cannot have.
  package init(name: String, publicKey: Ed25519PublicKey) throws(NoteError) {
    guard NoteKey.isName(name) else {
      throw NoteError(.malformed, "a key's name has no white space, no control character and no +")
    }
    key = NoteKey(name: name, material: [Self.signatureType] + publicKey.bytes)
    self.publicKey = publicKey
  }

  /// Reads a verifier key: `name+key id+base64(0x01 ‖ public key)`, the id as eight hexadecimal
  /// characters in lower case (golang.org/x/mod/sumdb/note).
  ///
  /// - Throws: `malformed`, also when the id is not that of name and key.
  package init(_ text: String) throws(NoteError) {
    let fields = EncodedKey(text)
    guard let fields, let publicKey = try? Ed25519PublicKey(bytes: fields.bytes) else {
      throw NoteError(.malformed, "this is no verifier key of an Ed25519 key")
    }
    try self.init(name: fields.name, publicKey: publicKey)
    guard key.id == fields.id else {
      throw NoteError(.malformed, "the verifier key's id is not that of its name and key")
    }
  }

  /// The verifier key.
  package var text: String {
    "\(key)+\(Base64.encode([Self.signatureType] + publicKey.bytes))"
  }

  func isValid(_ signature: [UInt8], for text: [UInt8]) -> Bool {
    publicKey.isValid(signature: signature, for: text)
  }
}

/// `name+key id+base64(0x01 ‖ 32 bytes)`: the form that both halves of a key are written in.
struct EncodedKey {
  let name: String
  let id: UInt32
  let bytes: [UInt8]

  init?(_ text: some StringProtocol) {
    let fields = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
    guard fields.count == 3, let id = Hexadecimal.decode(String(fields[1])), id.count == 4,
      let bytes = Base64.decode(String(fields[2])), bytes.count == 33,
      bytes[0] == NoteVerifier.signatureType
    else { return nil }
    name = String(fields[0])
    self.id = NoteKey.id(id[...])
    self.bytes = Array(bytes.dropFirst())
  }
}
