/// Base 64 with one of the two alphabets of RFC 4648: the work that `Base64` and `Base64URL` share.
struct Base64Alphabet: Sendable {
  // Kept inline: arrays would be counted by all threads at once.
  private let digits: InlineArray<64, UInt8>
  /// The value of every byte; 64 and more for those that are no digits.
  private let values: InlineArray<256, UInt8>

  /// - Parameter last: the digits for 62 and 63.
  init(last: (UInt8, UInt8)) {
    let ranges = [
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"),
    ]
    let digits = ranges.flatMap { Array($0) } + [last.0, last.1]
    var values = InlineArray<256, UInt8>(repeating: 0xff)
    for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
    self.digits = InlineArray { digits[$0] }
    self.values = values
  }

  /// Appends the digits, without padding.
  func appendDigits(of bytes: Span<UInt8>, to text: inout [UInt8]) {
    let digits = digits.span
    func digit(_ group: Int, _ shift: Int) -> UInt8 { digits[group &>> shift & 0x3f] }
    var place = text.count
    text.append(contentsOf: repeatElement(0, count: (bytes.count * 4 + 2) / 3))
    var target = text.mutableSpan
    var index = 0
    while index &+ 2 < bytes.count {
      let group =
        Int(bytes[index]) &<< 16 | Int(bytes[index &+ 1]) &<< 8 | Int(bytes[index &+ 2])
      target[place] = digit(group, 18)
      target[place &+ 1] = digit(group, 12)
      target[place &+ 2] = digit(group, 6)
      target[place &+ 3] = digit(group, 0)
      index &+= 3
      place &+= 4
    }
    guard index < bytes.count else { return }
    let second = index + 1 < bytes.count ? Int(bytes[index + 1]) : nil
    let group = Int(bytes[index]) << 16 | (second ?? 0) << 8
    target[place] = digit(group, 18)
    target[place + 1] = digit(group, 12)
    if second != nil { target[place + 2] = digit(group, 6) }
  }

  /// The bytes of unpadded digits; nil for a byte that is no digit, for a length that no bytes
  /// have, and when the bits that are left over are not zero (RFC 4648 §3.5).
  func bytes(ofDigits text: Span<UInt8>) -> [UInt8]? {
    let values = values.span
    guard text.count % 4 != 1 else { return nil }
    var bytes = [UInt8](repeating: 0, count: text.count * 3 / 4)
    var target = bytes.mutableSpan
    var place = 0
    var accumulator: UInt32 = 0
    var bitCount = 0
    for index in text.indices {
      let value = values[Int(text[index])]
      guard value < 64 else { return nil }
      accumulator = accumulator << 6 | UInt32(value)
      bitCount += 6
      guard bitCount >= 8 else { continue }
      bitCount -= 8
      target[place] = UInt8(truncatingIfNeeded: accumulator >> UInt32(bitCount))
      place += 1
    }
    let rest = accumulator & (1 << UInt32(bitCount) - 1)
    return rest == 0 ? bytes : nil
  }
}
