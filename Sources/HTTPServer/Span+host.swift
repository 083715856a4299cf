extension Span<UInt8> {
  /// Whether the octets are `uri-host [":" port]`, RFC 9110, section 7.2, with a host that is not
  /// empty. Of an IPv6 address only the characters are looked at.
  func isHost(_ range: Range<Int>) -> Bool {
    var end = endOfHost(range)
    guard end > range.lowerBound else { return false }
    guard end < range.upperBound else { return true }
    guard self[end] == UInt8(ascii: ":") else { return false }
    repeat { end += 1 } while end < range.upperBound && self[end].isDigit
    return end == range.upperBound
  }

  /// The lower bound if there is no host.
  private func endOfHost(_ range: Range<Int>) -> Int {
    var end = range.lowerBound
    guard end < range.upperBound else { return end }
    if self[end] == UInt8(ascii: "[") { return endOfLiteral(range) }
    while end < range.upperBound, self[end].isHostCharacter { end += 1 }
    return end
  }

  private func endOfLiteral(_ range: Range<Int>) -> Int {
    var end = range.lowerBound + 1
    while end < range.upperBound, self[end].isAddressCharacter { end += 1 }
    guard end > range.lowerBound + 1, end < range.upperBound, self[end] == UInt8(ascii: "]") else {
      return range.lowerBound
    }
    return end + 1
  }
}

extension UInt8 {
  fileprivate var isAddressCharacter: Bool {
    hexadecimalValue != nil || self == UInt8(ascii: ":") || self == UInt8(ascii: ".")
  }
}
