extension Parser {
  /// Reads a string whose opening quote is here.
  mutating func string(_ bytes: Span<UInt8>) throws(JSONError) -> String {
    offset += 1
    let start = offset
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
