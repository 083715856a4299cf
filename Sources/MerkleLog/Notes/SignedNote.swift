/// A text and the signatures under it (C2SP signed-note). That they are there says nothing of
/// whether they are valid: `verify` does.
package struct SignedNote: Sendable, Hashable {
  /// More signatures than this are refused; the specification asks for at least 16.
  static let maximumSignatures = 100

  /// What is signed: UTF-8 that ends in a newline and has no other control characters.
  package let text: [UInt8]
  package let signatures: [NoteSignature]

  /// - Throws: `NoteError.malformed` for a text that a note cannot have, `CryptographyError`.
  package init(text: [UInt8], signedBy signer: NoteSigner) throws {
    guard text.last == newline, Self.isText(text) else {
      throw NoteError(.malformed, "a note's text is UTF-8 in whole lines")
    }
    self.text = text
    signatures = [try signer.sign(text)]
  }

  /// Reads a note that `bytes` gives back as it was.
  ///
  /// - Throws: `malformed`.
  package init(parsing bytes: [UInt8]) throws(NoteError) {
    guard Self.isText(bytes), bytes.last == newline else {
      throw NoteError(.malformed, "a note is UTF-8 in whole lines")
    }
    // The last empty line: texts may have some of their own.
    let blank = bytes.indices.dropFirst().last { bytes[$0] == newline && bytes[$0 - 1] == newline }
    guard let blank else { throw NoteError(.malformed, "the note has no empty line") }
    text = Array(bytes[..<blank])
    signatures = try Self.signatures(bytes[(blank + 1)...])
  }

  /// The whole note.
  package var bytes: [UInt8] {
    text + [newline] + signatures.flatMap { Array($0.line.utf8) }
  }

  /// Checks every signature of a known key; those of others are ignored.
  ///
  /// - Throws: `invalidSignature` when one of a known key is not valid, `unverified` when there is
  ///   none.
  package func verify(_ known: [NoteVerifier]) throws(NoteError) {
    var isVerified = false
    for signature in signatures {
      for verifier in known where verifier.key == signature.key {
        guard verifier.isValid(signature.bytes, for: text) else {
          throw NoteError(.invalidSignature, "the signature of \(verifier.key) is not valid")
        }
        isVerified = true
      }
    }
    guard isVerified else {
      let names = known.map { "\($0.key)" }.joined(separator: ", ")
      throw NoteError(.unverified, "the note has no signature of \(names)")
    }
  }

  private static func isText(_ bytes: [UInt8]) -> Bool {
    bytes.allSatisfy { $0 >= 0x20 || $0 == newline }
      && String(validating: bytes, as: UTF8.self) != nil
  }

  private static func signatures(_ bytes: ArraySlice<UInt8>) throws(NoteError) -> [NoteSignature] {
    let lines = String(decoding: bytes.dropLast(), as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    guard lines.count <= maximumSignatures else {
      throw NoteError(.malformed, "the note has more than \(maximumSignatures) signatures")
    }
    var signatures: [NoteSignature] = []
    for line in lines {
      guard let signature = NoteSignature(line: line) else {
        throw NoteError(.malformed, "a line behind the note's text is no signature")
      }
      signatures.append(signature)
    }
    return signatures
  }
}

let newline = UInt8(ascii: "\n")
