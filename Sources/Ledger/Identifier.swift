/// Names one thing for ever: a kind and a UUIDv7 (RFC 9562 §5.7), written in the TypeID form, for
/// example `cli_01kabcdefghjkmnpqrstvwxyz0`.
///
/// Identifiers made later sort after earlier ones (to the millisecond), as text and as bytes. The
/// time inside is a hint for ordering; it proves nothing and no rule reads it.
package struct Identifier: Hashable, Sendable {
  package enum Kind: String, Sendable, CaseIterable {
    case ledger = "led"
    case account = "acc"
    case plan = "pln"
    case project = "prj"
    case client = "cli"
    case secret = "sec"
    case token = "tok"
    case charge = "chg"
    case key = "key"
  }

  package let kind: Kind
  private let high: UInt64
  private let low: UInt64

  /// - Parameters:
  ///   - milliseconds: since 1970; the low 48 bits are used.
  ///   - entropy: random bits, of which 74 are used.
  package init(_ kind: Kind, milliseconds: UInt64, entropy: (UInt64, UInt64)) {
    self.kind = kind
    high = milliseconds << 16 | 0x7000 | entropy.0 & 0x0FFF
    low = 0x8000_0000_0000_0000 | entropy.1 >> 2
  }

  /// The sixteen bytes that stand for the identifier where its kind is known from the place.
  ///
  /// - Parameter offset: where they begin in `bytes`; nil when fewer follow.
  package init?(_ kind: Kind, bytes: [UInt8], at offset: Int = 0) {
    guard bytes.count >= offset + 16 else { return nil }
    self.kind = kind
    var halves: (UInt64, UInt64) = (0, 0)
    for index in offset..<offset + 8 {
      halves.0 = halves.0 << 8 | UInt64(bytes[index])
      halves.1 = halves.1 << 8 | UInt64(bytes[index + 8])
    }
    (high, low) = halves
  }

  /// Reads the text form; nil for an unknown prefix, another alphabet or a wrong length.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 30, bytes[3] == UInt8(ascii: "_"),
      let kind = Kind(rawValue: String(decoding: bytes[0..<3], as: UTF8.self))
    else { return nil }
    var wide: (high: UInt64, low: UInt64) = (0, 0)
    for (index, byte) in bytes[4...].enumerated() {
      guard let digit = Self.value(ofDigit: byte), index > 0 || digit < 8 else { return nil }
      wide = (wide.high << 5 | wide.low >> 59, wide.low << 5 | digit)
    }
    self.kind = kind
    (high, low) = wide
  }

  /// The text form of one kind only.
  package init?(_ text: String, _ kind: Kind) {
    self.init(text)
    guard self.kind == kind else { return nil }
  }

  /// Sixteen bytes in the order of the identifiers.
  package var bytes: [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: 16) { buffer, count in
      for index in 0..<8 {
        unsafe buffer[index] = UInt8(truncatingIfNeeded: high >> (56 - 8 * UInt64(index)))
        unsafe buffer[index + 8] = UInt8(truncatingIfNeeded: low >> (56 - 8 * UInt64(index)))
      }
      count = 16
    }
  }

  /// The text form, thirty characters.
  package var text: String { String(decoding: ascii, as: UTF8.self) }

  /// The text form as ASCII bytes.
  package var ascii: [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: 30) { buffer, count in
      var index = 0
      for byte in kind.rawValue.utf8 {
        unsafe buffer[index] = byte
        index += 1
      }
      unsafe buffer[3] = UInt8(ascii: "_")
      var rest = (high: high, low: low)
      for place in stride(from: 29, through: 4, by: -1) {
        unsafe buffer[place] = Self.digit(UInt8(truncatingIfNeeded: rest.low & 31))
        rest = (rest.high >> 5, rest.low >> 5 | rest.high << 59)
      }
      count = 30
    }
  }

  /// Crockford's base32, lower case: no i, l, o, u.
  private static func digit(_ value: UInt8) -> UInt8 {
    switch value {
    case 0..<10: UInt8(ascii: "0") + value
    case 10..<18: UInt8(ascii: "a") + value - 10
    case 18..<20: UInt8(ascii: "j") + value - 18
    case 20..<22: UInt8(ascii: "m") + value - 20
    case 22..<27: UInt8(ascii: "p") + value - 22
    default: UInt8(ascii: "v") + value - 27
    }
  }

  private static func value(ofDigit byte: UInt8) -> UInt64? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "h"): UInt64(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "j")...UInt8(ascii: "k"): UInt64(byte - UInt8(ascii: "j")) + 18
    case UInt8(ascii: "m")...UInt8(ascii: "n"): UInt64(byte - UInt8(ascii: "m")) + 20
    case UInt8(ascii: "p")...UInt8(ascii: "t"): UInt64(byte - UInt8(ascii: "p")) + 22
    case UInt8(ascii: "v")...UInt8(ascii: "z"): UInt64(byte - UInt8(ascii: "v")) + 27
    default: nil
    }
  }
}
