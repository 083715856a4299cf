import Cryptography

/// One signature of a note.
package struct NoteSignature: Sendable, Hashable {
  package let key: NoteKey
  /// What the key's algorithm made; not empty.
  package let bytes: [UInt8]

  init(key: NoteKey, bytes: [UInt8]) {
    self.key = key
    self.bytes = bytes
  }

  private static let dash = "\u{2014} "

  /// Reads a line, without the newline at its end; nil for anything but what `line` gives.
  init?(line: Substring) {
    guard line.hasPrefix(Self.dash) else { return nil }
    let fields = line.dropFirst(Self.dash.count).split(
      separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
    guard fields.count == 2, NoteKey.isName(fields[0]),
      let bytes = Base64.decode(String(fields[1])), bytes.count > 4
    else { return nil }
    key = NoteKey(name: String(fields[0]), id: NoteKey.id(bytes.prefix(4)))
    self.bytes = Array(bytes.dropFirst(4))
  }

  /// `— name base64(key id ‖ signature)` and a newline.
  var line: String { "\(Self.dash)\(key.name) \(Base64.encode(key.idBytes + bytes))\n" }
}
