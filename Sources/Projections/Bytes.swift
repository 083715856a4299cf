import Ledger

/// Keys and small values: integers are big-endian, so that they sort by value.
extension [UInt8] {
  init(_ integer: UInt64) {
    self = []
    reserveCapacity(8)
    append(integer)
  }

  mutating func append(_ integer: UInt64) {
    for shift in stride(from: 56, through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: integer >> UInt64(shift)))
    }
  }

  func appending(_ integer: UInt64) -> [UInt8] {
    var bytes = self
    bytes.append(integer)
    return bytes
  }

  /// Eight bytes at an offset; nil when there are fewer.
  func integer(at offset: Int) -> UInt64? {
    guard count >= offset + 8 else { return nil }
    return self[offset..<offset + 8].reduce(0) { $0 << 8 | UInt64($1) }
  }
}

extension Identifier {
  /// The key of the version that an event at a position made.
  func version(_ position: Position) -> [UInt8] { bytes.appending(position) }
}

func copy(_ span: Span<UInt8>) -> [UInt8] {
  unsafe span.withUnsafeBufferPointer { unsafe Array($0) }
}
