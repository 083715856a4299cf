/// A moment: microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
package struct Timestamp: Hashable, Comparable, Sendable {
  package let microseconds: Int64

  /// Moments from the year 1970 through 9999.
  package init(microseconds: Int64) { self.microseconds = microseconds }

  /// That of 9999-12-31T23:59:59Z, in seconds since 1970.
  static let lastSecond: Int64 = 253_402_300_799

  package init(seconds: Int64) { self.init(microseconds: seconds * 1_000_000) }

  /// Whole seconds since 1970, rounded down: the unit of `iat` and `exp` (RFC 7519 §2).
  package var seconds: Int64 { microseconds / 1_000_000 }

  package static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.microseconds < right.microseconds
  }

  /// RFC 3339 in UTC with six decimals: `2026-11-21T05:16:00.123456Z`.
  package var text: String { String(decoding: ascii, as: UTF8.self) }

  /// The text as ASCII.
  package var ascii: [UInt8] {
    let (year, month, day) = civilDate
    let time = microseconds % 86_400_000_000
    let clock = time / 1_000_000
    var bytes: [UInt8] = []
    bytes.reserveCapacity(27)
    bytes.append(number: year, digits: 4)
    bytes.append(UInt8(ascii: "-"), number: month)
    bytes.append(UInt8(ascii: "-"), number: day)
    bytes.append(UInt8(ascii: "T"), number: clock / 3600)
    bytes.append(UInt8(ascii: ":"), number: clock / 60 % 60)
    bytes.append(UInt8(ascii: ":"), number: clock % 60)
    bytes.append(UInt8(ascii: "."))
    bytes.append(number: time % 1_000_000, digits: 6)
    bytes.append(UInt8(ascii: "Z"))
    return bytes
  }

  /// The calendar month in UTC, `2026-11`: the billing period.
  package var month: String { String(text.prefix(7)) }

  /// Reads exactly the form that `text` writes.
  package init?(_ text: String) { self.init(ascii: text.utf8.span) }

  /// The same from the bytes of the text.
  init?(ascii bytes: Span<UInt8>) {
    guard bytes.count == 27, Self.hasSeparators(bytes), let year = number(bytes, 0..<4),
      let month = number(bytes, 5..<7), let day = number(bytes, 8..<10),
      let hour = number(bytes, 11..<13), let minute = number(bytes, 14..<16),
      let second = number(bytes, 17..<19), let fraction = number(bytes, 20..<26)
    else { return nil }
    let days = Self.days(year: year, month: month, day: day)
    let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second
    self.init(microseconds: seconds * 1_000_000 + fraction)
    // The date must be the one that would be written: this refuses 30 February.
    guard microseconds >= 0, hour < 24, minute < 60, second < 60,
      civilDate == (year, month, day)
    else { return nil }
  }

  private static func hasSeparators(_ bytes: Span<UInt8>) -> Bool {
    bytes[4] == UInt8(ascii: "-") && bytes[7] == UInt8(ascii: "-")
      && bytes[10] == UInt8(ascii: "T") && bytes[13] == UInt8(ascii: ":")
      && bytes[16] == UInt8(ascii: ":") && bytes[19] == UInt8(ascii: ".")
      && bytes[26] == UInt8(ascii: "Z")
  }

  /// Days since 1970 to a Gregorian date; the year begins in March (Hinnant, `civil_from_days`).
  private var civilDate: (year: Int64, month: Int64, day: Int64) {
    let shifted = microseconds / 86_400_000_000 + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = shiftedYear / 400
    let yearOfEra = shiftedYear % 400
    let shiftedMonth = month > 2 ? month - 3 : month + 9
    let dayOfYear = (153 * shiftedMonth + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}

extension [UInt8] {
  fileprivate mutating func append(number: Int64, digits: Int) {
    let start = count
    append(contentsOf: repeatElement(0, count: digits))
    var rest = number
    for index in stride(from: start + digits - 1, through: start, by: -1) {
      self[index] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    }
  }

  fileprivate mutating func append(_ separator: UInt8, number: Int64) {
    append(separator)
    append(number: number, digits: 2)
  }
}

/// The number that some bytes are the digits of; nil when one is none.
private func number(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
  var result: Int64 = 0
  for index in range {
    let digit = bytes[index] &- UInt8(ascii: "0")
    guard digit <= 9 else { return nil }
    result = result * 10 + Int64(digit)
  }
  return result
}
