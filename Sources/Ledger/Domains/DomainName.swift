/// The name of a domain, in lower case: labels of letters, digits and hyphens (RFC 1123 §2.1), an
/// internationalised one as its A-label (RFC 5890 §2.3.2.1).
package struct DomainName: Sendable, Hashable {
  package let text: String

  /// Nil unless these are 1 to 253 characters in labels of 1 to 63. The last label begins with a
  /// letter, as every top-level domain does (RFC 3696 §2): no address passes for a name.
  package init?(_ text: String) {
    guard Self.isName(text.utf8.span) else { return nil }
    self.text = text
  }

  /// A name as hosts are written: in whatever case (RFC 9110 §4.2.3).
  package init?(host: some StringProtocol) {
    let bytes = host.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    self.init(String(decoding: bytes, as: UTF8.self))
  }

  /// Whether these are the bytes of a name.
  static func isName(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count <= 253 else { return false }
    var start = 0
    while true {
      var end = start
      while end < bytes.count, bytes[end] != UInt8(ascii: ".") { end += 1 }
      guard isLabel(bytes.extracting(start..<end)) else { return false }
      if end == bytes.count { return isLetter(bytes[start]) }
      start = end + 1
    }
  }

  private static func isLabel(_ bytes: Span<UInt8>) -> Bool {
    guard (1...63).contains(bytes.count), bytes[0] != UInt8(ascii: "-"),
      bytes[bytes.count - 1] != UInt8(ascii: "-")
    else { return false }
    return bytes.indices.allSatisfy { index in
      let byte = bytes[index]
      return isLetter(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
}

extension DomainName: Comparable {
  /// By code units.
  package static func < (left: DomainName, right: DomainName) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }
}
