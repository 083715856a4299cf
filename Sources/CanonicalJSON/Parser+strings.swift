extension Parser {
  /// Reads a string whose opening quote is here.
  mutating func string(_ bytes: Span<UInt8>) throws(JSONError) -> String {
    offset += 1
    let start = offset
    skipPlain(bytes)
    if offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") {
      offset += 1
      return plainText(bytes.extracting(start..<offset - 1))
    }
    try skipRun(bytes)
    let text = try text(bytes, start..<offset)
    guard bytes[offset] != UInt8(ascii: "\"") else {
      offset += 1
      return text
    }
    return try escapedString(bytes, after: text)
  }

  /// Goes on with a string from its first backslash.
  private mutating func escapedString(
    _ bytes: Span<UInt8>, after prefix: String
  ) throws(JSONError) -> String {
    var result = prefix
    while bytes[offset] != UInt8(ascii: "\"") {
      result.unicodeScalars.append(try escape(bytes))
      let start = offset
      try skipRun(bytes)
      result += try text(bytes, start..<offset)
    }
    offset += 1
    return result
  }

  /// Goes to the next byte that is not ASCII or needs an escape, or to the end.
  private mutating func skipPlain(_ bytes: Span<UInt8>) {
    offset = endOfPlainText(bytes, from: offset)
  }

  /// Goes to the next quote or backslash.
  private mutating func skipRun(_ bytes: Span<UInt8>) throws(JSONError) {
    var end = offset
    while end < bytes.count {
      let byte = bytes[end]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
      end &+= 1
    }
    offset = end
    if try peek(bytes) < 0x20 { throw JSONError(.unexpectedByte, at: end) }
  }

  private func text(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(JSONError) -> String {
    do {
      return String(copying: try UTF8Span(validating: bytes.extracting(range)))
    } catch {
      throw JSONError(.invalidUTF8, at: range.lowerBound + error.byteOffsets.lowerBound)
    }
  }
}

/// Where the first byte stands, from a place on, that is not ASCII or that strings hold only as an
/// escape; behind the last byte when there is none.
package func endOfPlainText(_ bytes: Span<UInt8>, from start: Int) -> Int {
  var end = start
  while bytes.count &- end >= 8 {
    let word = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: end, as: UInt64.self)
    let place = placeOfSpecialByte(UInt64(littleEndian: word))
    end &+= place
    if place < 8 { return end }
  }
  while end < bytes.count, bytes[end] < 0x80, !needsEscape(bytes[end]) { end &+= 1 }
  return end
}

private func plainText(_ ascii: Span<UInt8>) -> String {
  String(copying: unsafe UTF8Span(unchecked: ascii, isKnownASCII: true))
}

/// How many of eight bytes, the lowest first, come before one that is not ASCII or needs an escape.
///
/// Subtracting sets the highest bit of each byte that is to be found. A borrow reaches only bytes
/// above one that was found.
private func placeOfSpecialByte(_ word: UInt64) -> Int {
  let ones: UInt64 = 0x0101_0101_0101_0101
  let quotes = (word ^ (ones &* 0x22)) &- ones
  let backslashes = (word ^ (ones &* 0x5c)) &- ones
  let controls = word &- (ones &* 0x20)
  let found = (word | quotes | backslashes | controls) & 0x8080_8080_8080_8080
  return found.trailingZeroBitCount >> 3
}

// MARK: - Escapes

extension Parser {
  /// Reads an escape whose backslash is here, both halves of a surrogate pair included.
  private mutating func escape(_ bytes: Span<UInt8>) throws(JSONError) -> Unicode.Scalar {
    let start = offset
    offset += 1
    let letter = try peek(bytes)
    offset += 1
    if letter == UInt8(ascii: "u") { return try unicodeEscape(bytes, from: start) }
    guard let scalar = scalar(ofShortEscape: letter) else {
      throw JSONError(.unexpectedByte, at: offset - 1)
    }
    if isCanonical && letter == UInt8(ascii: "/") { throw JSONError(.notCanonical, at: start) }
    return scalar
  }

  private mutating func unicodeEscape(
    _ bytes: Span<UInt8>, from start: Int
  ) throws(JSONError) -> Unicode.Scalar {
    let unit = try hexadecimalUnit(bytes)
    if isCanonical && !isCanonicalUnicodeEscape(unit, bytes) {
      throw JSONError(.notCanonical, at: start)
    }
    if let scalar = Unicode.Scalar(unit) { return scalar }
    guard UTF16.isLeadSurrogate(unit) else { throw JSONError(.loneSurrogate, at: start) }
    for letter in [UInt8(ascii: "\\"), UInt8(ascii: "u")] {
      guard try peek(bytes) == letter else { throw JSONError(.loneSurrogate, at: start) }
      offset += 1
    }
    let trail = try hexadecimalUnit(bytes)
    guard UTF16.isTrailSurrogate(trail) else { throw JSONError(.loneSurrogate, at: start) }
    return UTF16.decode(UTF16.EncodedScalar([unit, trail]))
  }

  private mutating func hexadecimalUnit(_ bytes: Span<UInt8>) throws(JSONError) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let digit = hexadecimalDigit(try peek(bytes)) else {
        throw JSONError(.unexpectedByte, at: offset)
      }
      unit = unit << 4 | digit
      offset += 1
    }
    return unit
  }

  /// Whether RFC 8785 writes this unit as the escape that ends here: a control character without
  /// a short escape, in lower case.
  private func isCanonicalUnicodeEscape(_ unit: UInt16, _ bytes: Span<UInt8>) -> Bool {
    guard unit < 0x20, shortEscape(of: UInt8(unit)) == nil else { return false }
    return bytes[offset - 1] == hexadecimalLetter(UInt8(unit) & 0xf)
  }
}
