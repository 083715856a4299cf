package import Cryptography

/// What a log commits to: that its first `size` records have this root (C2SP tlog-checkpoint).
package struct Checkpoint: Sendable {
  /// The name of the log, and of the key that signs for it.
  package let origin: String
  /// The number of records.
  package let size: UInt64
  /// The root of the tree over them (RFC 6962 §2.1).
  package let root: SHA256Digest

  package init(origin: String, size: UInt64, root: SHA256Digest) {
    self.origin = origin
    self.size = size
    self.root = root
  }

  /// Reads a note's text: origin, size, root in base64, and nothing more.
  ///
  /// - Throws: `malformed`; for extension lines too, which no auditor could check.
  package init(text: [UInt8]) throws(NoteError) {
    let lines = String(validating: text, as: UTF8.self)?.split(
      separator: "\n", omittingEmptySubsequences: false)
    guard let lines, lines.count == 4, lines[3].isEmpty else {
      throw NoteError(.malformed, "a checkpoint has three lines: origin, size and root")
    }
    guard NoteKey.isName(lines[0]) else {
      throw NoteError(.malformed, "the checkpoint's origin is no name of a key")
    }
    guard let size = UInt64(canonicalDecimal: lines[1]) else {
      throw NoteError(.malformed, "the checkpoint's size is no decimal number")
    }
    guard let bytes = Base64.decode(String(lines[2])), let root = SHA256Digest(bytes: bytes) else {
      throw NoteError(.malformed, "the checkpoint's root is no SHA-256 hash in base64")
    }
    self.init(origin: String(lines[0]), size: size, root: root)
  }

  package var head: TreeHead { TreeHead(size: size, root: root) }

  /// The text that is signed.
  package var text: [UInt8] {
    Array("\(origin)\n\(size)\n\(Base64.encode(root.bytes))\n".utf8)
  }
}

extension Checkpoint: Hashable {
  package static func == (left: Checkpoint, right: Checkpoint) -> Bool { left.text == right.text }

  package func hash(into hasher: inout Hasher) { hasher.combine(root) }
}

extension UInt64 {
  /// Nil unless the text is exactly what `description` gives for some number.
  init?(canonicalDecimal text: some StringProtocol) {
    guard let number = UInt64(text), text.utf8.elementsEqual(number.description.utf8) else {
      return nil
    }
    self = number
  }
}
