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
    var integer: UInt64 = 0
    for index in offset..<offset + 8 { integer = integer << 8 | UInt64(self[index]) }
    return integer
  }
}

extension Identifier {
  /// The key of the version that an event at a position made.
  func version(_ position: Position) -> [UInt8] {
    var key: [UInt8] = []
    key.reserveCapacity(24)
    append(to: &key)
    key.append(position)
    return key
  }
}

/// The key of an event among those of its type.
func eventKey(_ type: String, _ position: Position) -> [UInt8] {
  (Array(type.utf8) + [0]).appending(position)
}

func copy(_ span: Span<UInt8>) -> [UInt8] {
  unsafe span.withUnsafeBufferPointer { unsafe Array($0) }
}

/// Whether bytes begin with the first `count` of others.
func begins(_ bytes: Span<UInt8>, with prefix: [UInt8], count: Int) -> Bool {
  guard bytes.count >= count else { return false }
  for index in 0..<count where bytes[index] != prefix[index] { return false }
  return true
}
