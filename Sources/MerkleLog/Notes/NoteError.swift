/// A note, a key or what a note should say is not what it must be.
package struct NoteError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Code: Sendable, Hashable {
    /// The bytes are not in the form that the specification asks for.
    case malformed
    /// A known key's signature does not fit the text.
    case invalidSignature
    /// No known key signed the note.
    case unverified
    /// The note is genuine and says something else than it should: the checkpoint of another log.
    case unexpected
  }

  package let code: Code
  package let description: String

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
