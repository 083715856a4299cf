package import Cryptography

/// That a record stands in a log, for whoever has the log's verifier key: the record's index, the
/// hashes from its leaf up to the root, and the checkpoint (C2SP tlog-proof).
package struct LogProof: Sendable, Hashable {
  private static let header = "c2sp.org/tlog-proof@v1"

  /// Data beside the proof, which nothing vouches for; nil when there is none.
  package let extra: [UInt8]?
  /// The record's position.
  package let index: UInt64
  /// The siblings, the leaf's first (RFC 6962 §2.1.1).
  package let hashes: [SHA256Digest]
  package let checkpoint: SignedNote

  package init(
    index: UInt64, hashes: [SHA256Digest], checkpoint: SignedNote, extra: [UInt8]? = nil
  ) {
    self.index = index
    self.hashes = hashes
    self.checkpoint = checkpoint
    self.extra = extra
  }

  /// The proof as text; files of it are named `.tlog-proof`.
  package var bytes: [UInt8] {
    var lines = [Self.header]
    if let extra { lines.append("extra \(Base64.encode(extra))") }
    lines.append("index \(index)")
    lines += hashes.map { Base64.encode($0.bytes) }
    return Array(lines.joined(separator: "\n").utf8) + [newline, newline] + checkpoint.bytes
  }

  /// Reads a proof that `bytes` gives back as it was. Nothing of it is checked but the form.
  ///
  /// - Throws: `malformed`.
  package init(parsing bytes: [UInt8]) throws(NoteError) {
    let blank = bytes.indices.dropFirst().first { bytes[$0] == newline && bytes[$0 - 1] == newline }
    guard let blank, let head = String(validating: bytes[..<(blank - 1)], as: UTF8.self) else {
      throw NoteError(.malformed, "the proof has no empty line before its checkpoint")
    }
    var lines = head.split(separator: "\n", omittingEmptySubsequences: false)[...]
    guard lines.popFirst() == Self.header[...] else {
      throw NoteError(.malformed, "the proof does not begin with \(Self.header)")
    }
    extra = try Self.extra(&lines)
    index = try Self.index(&lines)
    hashes = try Self.hashes(lines)
    checkpoint = try SignedNote(parsing: Array(bytes[(blank + 1)...]))
    _ = try Checkpoint(text: checkpoint.text)
  }

  private static func extra(_ lines: inout ArraySlice<Substring>) throws(NoteError) -> [UInt8]? {
    guard let line = lines.first, line.hasPrefix("extra ") else { return nil }
    lines.removeFirst()
    guard let extra = Base64.decode(String(line.dropFirst(6))) else {
      throw NoteError(.malformed, "the proof's extra data are not in base64")
    }
    return extra
  }

  private static func index(_ lines: inout ArraySlice<Substring>) throws(NoteError) -> UInt64 {
    guard let line = lines.popFirst(), line.hasPrefix("index "),
      let index = UInt64(canonicalDecimal: line.dropFirst(6))
    else { throw NoteError(.malformed, "the proof does not say the index of its record") }
    return index
  }

  private static func hashes(
    _ lines: ArraySlice<Substring>
  ) throws(NoteError) -> [SHA256Digest] {
    guard lines.count <= 64 else { throw NoteError(.malformed, "the proof has too many hashes") }
    var hashes: [SHA256Digest] = []
    for line in lines {
      guard let bytes = Base64.decode(String(line)), let hash = SHA256Digest(bytes: bytes) else {
        throw NoteError(.malformed, "a line of the proof is no SHA-256 hash in base64")
      }
      hashes.append(hash)
    }
    return hashes
  }
}
