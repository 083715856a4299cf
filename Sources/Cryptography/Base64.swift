/// The standard base 64 of RFC 4648 §4, with padding.
package enum Base64 {
  private static let alphabet = Base64Alphabet(last: (UInt8(ascii: "+"), UInt8(ascii: "/")))
  private static let padding = UInt8(ascii: "=")

  package static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    append(bytes.span, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Appends the ASCII digits and the padding.
  package static func append(_ bytes: Span<UInt8>, to text: inout [UInt8]) {
    alphabet.appendDigits(of: bytes, to: &text)
    for _ in 0..<(3 - bytes.count % 3) % 3 { text.append(padding) }
  }

  /// Nil unless the text is exactly what `encode` gives for some bytes: missing padding, white
  /// space, other digits and left-over bits that are not zero are refused.
  package static func decode(_ text: Span<UInt8>) -> [UInt8]? {
    guard text.count % 4 == 0 else { return nil }
    var count = text.count
    while count > 0, text.count - count < 2, text[count - 1] == padding { count -= 1 }
    return alphabet.bytes(ofDigits: text.extracting(first: count))
  }

  package static func decode(_ text: String) -> [UInt8]? { decode(text.utf8.span) }
}
