/// Parameters in `application/x-www-form-urlencoded` form (RFC 6749 appendix B): of a body or of
/// a query.
struct FormParameters {
  private let pairs: [(name: String, value: String)]

  private static let maximumCount = 64

  /// Nil for more than 64 parameters, a broken escape, bytes that are no UTF-8, or a parameter that
  /// is there twice (RFC 6749 §3.2). A parameter without a value is as if it were not there.
  init?(_ bytes: [UInt8]) {
    let bytes = bytes.span
    var pairs: [(name: String, value: String)] = []
    var start = 0
    while start < bytes.count {
      let end = bytes.place(of: UInt8(ascii: "&"), from: start)
      defer { start = end + 1 }
      guard start < end else { continue }
      guard let pair = Self.pair(bytes.extracting(start..<end)), pairs.count < Self.maximumCount,
        !pairs.contains(where: { Self.isSame($0.name, pair.name) })
      else { return nil }
      pairs.append(pair)
    }
    self.pairs = pairs
  }

  private static func pair(_ encoded: Span<UInt8>) -> (name: String, value: String)? {
    let equals = encoded.place(of: UInt8(ascii: "="), from: 0)
    guard let name = decode(encoded.extracting(..<equals)) else { return nil }
    guard equals < encoded.count else { return (name, "") }
    return decode(encoded.extracting((equals + 1)...)).map { (name, $0) }
  }

  subscript(name: String) -> String? {
    let pair = pairs.first { Self.isSame($0.name, name) }
    return pair.flatMap { $0.value.isEmpty ? nil : $0.value }
  }

  var names: [String] { pairs.map(\.name) }

  /// One encoded name or value; `+` is a space.
  static func decode(_ encoded: Span<UInt8>) -> String? {
    guard encoded.indices.contains(where: { isEscape(encoded[$0]) }) else { return text(encoded) }
    var bytes: [UInt8] = []
    var place = 0
    while place < encoded.count {
      switch encoded[place] {
      case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        guard place + 2 < encoded.count, let high = hexadecimal(encoded[place + 1]),
          let low = hexadecimal(encoded[place + 2])
        else { return nil }
        bytes.append(high << 4 | low)
        place += 2
      case let byte: bytes.append(byte)
      }
      place += 1
    }
    return text(bytes.span)
  }

  /// By code units: Swift's `==` takes composed and decomposed forms for the same name.
  private static func isSame(_ left: String, _ right: String) -> Bool {
    let (left, right) = (left.utf8.span, right.utf8.span)
    return left.count == right.count && left.indices.allSatisfy { left[$0] == right[$0] }
  }

  private static func isEscape(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "+") || byte == UInt8(ascii: "%")
  }

  private static func text(_ bytes: Span<UInt8>) -> String? {
    do {
      return String(copying: try UTF8Span(validating: bytes))
    } catch {
      return nil
    }
  }

  private static func hexadecimal(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

extension Span<UInt8> {
  /// Where a byte stands at or behind an index; the end when it does not.
  fileprivate func place(of byte: UInt8, from start: Int) -> Int {
    var place = start
    while place < count, self[place] != byte { place += 1 }
    return place
  }
}
