/// The character classes of RFC 9110, RFC 9112 and RFC 3986, each a test of one octet.
extension UInt8 {
  static let lineFeed: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D

  /// `tchar` of RFC 9110, section 5.6.2.
  var isTokenCharacter: Bool {
    isIn(low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE)
  }

  /// What a `reg-name` is made of, RFC 3986, section 3.2.2; IPv4 addresses look like one.
  var isHostCharacter: Bool {
    isIn(low: 0x2BFF_7FF2_0000_0000, high: 0x47FF_FFFE_87FF_FFFE)
  }

  /// Printable ASCII without the space and without `#`, which no request target may hold.
  var isTargetCharacter: Bool { self > 0x20 && self < 0x7F && self != UInt8(ascii: "#") }

  /// `field-vchar`, space or tab, RFC 9110, section 5.5.
  var isFieldCharacter: Bool { self >= 0x20 && self != 0x7F || self == 0x09 }

  /// `OWS` of RFC 9110, section 5.6.3.
  var isBlank: Bool { self == 0x20 || self == 0x09 }

  var isDigit: Bool { self &- 0x30 < 10 }

  /// The value of a hexadecimal digit; nil for any other octet.
  var hexadecimalValue: Int? {
    switch self {
    case 0x30...0x39: Int(self) - 0x30
    case 0x41...0x46: Int(self) - 0x37
    case 0x61...0x66: Int(self) - 0x57
    default: nil
    }
  }

  var lowercasedASCII: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

  @inline(__always)
  private func isIn(low: UInt64, high: UInt64) -> Bool {
    guard self < 128 else { return false }
    return (self < 64 ? low : high) >> UInt64(self & 63) & 1 == 1
  }
}

extension Span<UInt8> {
  /// Whether the octets are those of a lower-case ASCII name, whatever their own case.
  func equals(_ range: Range<Int>, lowercased name: StaticString) -> Bool {
    guard range.count == name.utf8CodeUnitCount else { return false }
    let expected = unsafe UnsafeBufferPointer(start: name.utf8Start, count: range.count)
    for index in 0..<range.count
    where unsafe self[range.lowerBound + index].lowercasedASCII != expected[index] {
      return false
    }
    return true
  }

  /// The octets as text; anything that is not UTF-8 becomes U+FFFD.
  func text(_ range: Range<Int>) -> String {
    unsafe extracting(range).withUnsafeBufferPointer { octets in
      unsafe String(decoding: octets, as: UTF8.self)
    }
  }

  /// The range without white space at either end.
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    var end = range.upperBound
    while start < end, self[start].isBlank { start += 1 }
    while end > start, self[end - 1].isBlank { end -= 1 }
    return start..<end
  }
}

extension [UInt8] {
  mutating func append(_ text: StaticString) {
    let octets = unsafe UnsafeBufferPointer(
      start: text.utf8Start, count: text.utf8CodeUnitCount)
    unsafe append(contentsOf: octets)
  }

  /// Appends a number that is not negative, in plain digits of the radix (10 or 16).
  mutating func append(digitsOf value: Int, radix: Int = 10) {
    let start = count
    var rest = value
    repeat {
      let digit = UInt8(truncatingIfNeeded: rest % radix)
      append(digit < 10 ? 0x30 + digit : 0x57 + digit)
      rest /= radix
    } while rest > 0
    self[start...].reverse()
  }
}
