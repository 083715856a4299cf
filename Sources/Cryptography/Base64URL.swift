/// The URL-safe base 64 of RFC 4648 §5 without padding, as in JOSE (RFC 7515 §2).
package enum Base64URL {
  private static let alphabet = Base64Alphabet(last: (UInt8(ascii: "-"), UInt8(ascii: "_")))

  package static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    append(bytes.span, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Appends the ASCII digits.
  package static func append(_ bytes: Span<UInt8>, to text: inout [UInt8]) {
    alphabet.appendDigits(of: bytes, to: &text)
  }

  /// Nil unless the text is exactly what `encode` gives for some bytes: padding, white space, other
  /// digits and left-over bits that are not zero are refused.
  package static func decode(_ text: Span<UInt8>) -> [UInt8]? {
    alphabet.bytes(ofDigits: text)
  }

  package static func decode(_ text: String) -> [UInt8]? { decode(text.utf8.span) }
}
