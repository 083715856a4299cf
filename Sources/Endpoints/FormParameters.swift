/// Parameters in `application/x-www-form-urlencoded` form (RFC 6749 appendix B): of a body or of
/// a query.
struct FormParameters {
  private let pairs: [(name: String, value: String)]

  private static let maximumCount = 64

  /// Nil for more than 64 parameters, a broken escape, bytes that are no UTF-8, or a parameter that is there twice
  /// (RFC 6749 §3.2). A parameter without a value is as if it were not there.
  init?(_ bytes: [UInt8]) {
    var pairs: [(name: String, value: String)] = []
    for pair in bytes.split(separator: UInt8(ascii: "&")) {
      let halves = pair.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = Self.decode(halves[0]),
        let value = halves.count == 2 ? Self.decode(halves[1]) : ""
      else { return nil }
      guard pairs.count < Self.maximumCount, !pairs.contains(where: { Self.isSame($0.name, name) })
      else { return nil }
      pairs.append((name, value))
    }
    self.pairs = pairs
  }

  subscript(name: String) -> String? {
    let pair = pairs.first { Self.isSame($0.name, name) }
    return pair.flatMap { $0.value.isEmpty ? nil : $0.value }
  }

  var names: [String] { pairs.map(\.name) }

  /// One encoded name or value; `+` is a space.
  static func decode(_ encoded: ArraySlice<UInt8>) -> String? {
    guard encoded.contains(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "%") }) else {
      return String(validating: encoded, as: UTF8.self)
    }
    var bytes: [UInt8] = []
    var iterator = encoded.makeIterator()
    while let byte = iterator.next() {
      switch byte {
      case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        guard let high = hexadecimal(iterator.next()), let low = hexadecimal(iterator.next())
        else { return nil }
        bytes.append(high << 4 | low)
      default: bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }

  /// By code units: Swift's `==` takes composed and decomposed forms for the same name.
  private static func isSame(_ left: String, _ right: String) -> Bool {
    left.utf8.elementsEqual(right.utf8)
  }

  private static func hexadecimal(_ byte: UInt8?) -> UInt8? {
    switch byte {
    case .some(UInt8(ascii: "0")...UInt8(ascii: "9")): byte! - UInt8(ascii: "0")
    case .some(UInt8(ascii: "a")...UInt8(ascii: "f")): byte! - UInt8(ascii: "a") + 10
    case .some(UInt8(ascii: "A")...UInt8(ascii: "F")): byte! - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
