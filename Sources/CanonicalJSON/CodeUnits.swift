/// Whether two strings are written with the same code units. Equal UTF-8 is equal UTF-16.
func hasSameCodeUnits(_ left: String, _ right: String) -> Bool {
  let (left, right) = (left.utf8.span, right.utf8.span)
  return left.count == right.count && commonPrefix(left, right) == left.count
}

/// Whether `left` comes before `right` in the order of RFC 8785 §3.2.3, which compares UTF-16 code
/// units. False for equal strings.
func precedesInCodeUnits(_ left: String, _ right: String) -> Bool {
  precedesInCodeUnits(left.utf8.span, right.utf8.span)
}

func precedesInCodeUnits(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
  let place = commonPrefix(left, right)
  guard place < left.count, place < right.count else { return left.count < right.count }
  return codeUnitRank(left[place]) < codeUnitRank(right[place])
}

/// How many bytes are the same from the beginning on.
private func commonPrefix(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Int {
  let end = min(left.count, right.count)
  var place = 0
  while place < end, left[place] == right[place] { place += 1 }
  return place
}

/// Where a UTF-8 byte sorts when strings are to be ordered by UTF-16 code units.
///
/// UTF-8 sorts by scalar. UTF-16 does too, except that the surrogates of U+10000 and above (UTF-8
/// lead bytes F0–F4) come before U+E000–U+FFFF (lead bytes EE and EF).
private func codeUnitRank(_ byte: UInt8) -> UInt8 {
  byte & 0xfe == 0xee ? byte | 0x10 : byte
}

/// A name that hashes and compares by its code units.
struct CodeUnitName: Hashable {
  let name: String

  static func == (left: Self, right: Self) -> Bool { hasSameCodeUnits(left.name, right.name) }

  func hash(into hasher: inout Hasher) {
    for byte in name.utf8 { hasher.combine(byte) }
    hasher.combine(0xff as UInt8)
  }
}
