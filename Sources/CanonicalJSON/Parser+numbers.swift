extension Parser {
  /// Reads a number that begins here with a digit or a minus sign.
  mutating func integer(_ bytes: Span<UInt8>) throws(JSONError) -> Int64 {
    let start = offset
    let isNegative = bytes[offset] == UInt8(ascii: "-")
    if isNegative { offset += 1 }
    let magnitude = try magnitude(bytes)
    if isNegative && magnitude == 0 || hasFractionOrExponent(bytes) {
      throw JSONError(.numberNotInteger, at: start)
    }
    guard let magnitude, magnitude <= JSON.integers.upperBound else {
      throw JSONError(.integerOutOfRange, at: start)
    }
    return isNegative ? -magnitude : magnitude
  }

  /// Reads the digits of a number, all of them; nil when they exceed 64 bits.
  private mutating func magnitude(_ bytes: Span<UInt8>) throws(JSONError) -> Int64? {
    guard let first = digit(bytes) else {
      _ = try peek(bytes)
      throw JSONError(.unexpectedByte, at: offset)
    }
    offset += 1
    var magnitude: Int64? = first
    while let next = digit(bytes) {
      if first == 0 { throw JSONError(.unexpectedByte, at: offset) }
      magnitude = magnitude.flatMap { appending(next, to: $0) }
      offset += 1
    }
    return magnitude
  }

  private func digit(_ bytes: Span<UInt8>) -> Int64? {
    guard offset < bytes.count else { return nil }
    let value = bytes[offset] &- UInt8(ascii: "0")
    return value <= 9 ? Int64(value) : nil
  }

  private func hasFractionOrExponent(_ bytes: Span<UInt8>) -> Bool {
    guard offset < bytes.count else { return false }
    let byte = bytes[offset]
    return byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e")
  }
}

private func appending(_ digit: Int64, to magnitude: Int64) -> Int64? {
  let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
  if overflow { return nil }
  let (sum, carry) = product.addingReportingOverflow(digit)
  return carry ? nil : sum
}
