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
    case role = "rol"
    case grant = "grt"
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
  package init?(_ text: String) { self.init(ascii: text.utf8.span) }

  /// The same from the bytes of the text.
  init?(ascii bytes: Span<UInt8>) {
    guard bytes.count == 30, bytes[3] == UInt8(ascii: "_"), bytes[4] < UInt8(ascii: "8"),
      let kind = Kind(prefix: (bytes[0], bytes[1], bytes[2]))
    else { return nil }
    let values = Self.values.span
    var (high, low): (UInt64, UInt64) = (0, 0)
    var digits: UInt8 = 0
    for index in 4..<30 {
      let digit = values[Int(bytes[index])]
      digits |= digit
      (high, low) = (high << 5 | low >> 59, low << 5 | UInt64(digit))
    }
    guard digits < 32 else { return nil }
    (self.kind, self.high, self.low) = (kind, high, low)
  }

  /// The text form of one kind only.
  package init?(_ text: String, _ kind: Kind) {
    self.init(text)
    guard self.kind == kind else { return nil }
  }

  /// The time inside, since 1970: a hint, for it is what the maker's clock said.
  package var milliseconds: UInt64 { high >> 16 }

  /// Sixteen bytes in the order of the identifiers.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(16)
    append(to: &bytes)
    return bytes
  }

  /// Appends the sixteen bytes.
  package func append(to bytes: inout [UInt8]) {
    for shift in stride(from: 56, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: high >> UInt64(shift)))
    }
    for shift in stride(from: 56, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: low >> UInt64(shift)))
    }
  }

  /// The text form, thirty characters.
  package var text: String { String(decoding: ascii, as: UTF8.self) }

  /// The text form as ASCII bytes.
  package var ascii: [UInt8] {
    withASCII { span in unsafe span.withUnsafeBufferPointer { unsafe Array($0) } }
  }

  /// Lends the text form as ASCII bytes.
  package func withASCII<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    let prefix = kind.prefix
    var text = InlineArray<30, UInt8>(repeating: UInt8(ascii: "_"))
    (text[0], text[1], text[2]) = prefix
    let digits = Self.digits.span
    var rest = (high: high, low: low)
    for place in stride(from: 29, through: 4, by: -1) {
      text[place] = digits[Int(rest.low & 31)]
      rest = (rest.high >> 5, rest.low >> 5 | rest.high << 59)
    }
    return body(text.span)
  }

  /// Crockford's base32, lower case: no i, l, o, u. Kept inline, like the other tables: an array
  /// would be counted by all threads at once.
  private static let digits: InlineArray<32, UInt8> = {
    let text = "0123456789abcdefghjkmnpqrstvwxyz".utf8.span
    return InlineArray { text[$0] }
  }()

  /// The value of every byte; 255 for those that are no digits.
  private static let values: InlineArray<256, UInt8> = {
    var values = InlineArray<256, UInt8>(repeating: 255)
    for value in digits.indices { values[Int(digits[value])] = UInt8(value) }
    return values
  }()
}

extension Identifier {
  package static func == (left: Identifier, right: Identifier) -> Bool {
    left.low == right.low && left.high == right.high && left.kind == right.kind
  }

  /// The random bits tell identifiers apart well enough; equality compares everything.
  package func hash(into hasher: inout Hasher) { hasher.combine(low) }
}

extension Identifier: Comparable {
  /// The order of the bytes, which is that of the text for identifiers of one kind.
  package static func < (left: Identifier, right: Identifier) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}

extension Identifier.Kind {
  /// The kind whose raw value has these three bytes.
  fileprivate init?(prefix: (UInt8, UInt8, UInt8)) {
    let prefixes = Self.prefixes.span
    for index in prefixes.indices where prefixes[index].prefix == prefix {
      self = prefixes[index].kind
      return
    }
    return nil
  }

  /// The three bytes of the raw value.
  fileprivate var prefix: (UInt8, UInt8, UInt8) {
    let bytes = rawValue.utf8.span
    return (bytes[0], bytes[1], bytes[2])
  }

  private static let prefixes: [(prefix: (UInt8, UInt8, UInt8), kind: Self)] = allCases.map {
    ($0.prefix, $0)
  }
}
