import Ledger

/// How often a secret was used to get a token, and when last.
struct SecretUse {
  var count: UInt64
  var last: Timestamp

  init(count: UInt64, last: Timestamp) {
    self.count = count
    self.last = last
  }

  /// Reads the stored form; nil when there is none.
  init?(_ bytes: [UInt8]?) {
    guard let bytes, let count = bytes.integer(at: 0), let last = bytes.integer(at: 8) else {
      return nil
    }
    guard let last = Int64(exactly: last) else { return nil }
    self.init(count: count, last: Timestamp(microseconds: last))
  }

  /// With the uses that came after it.
  func adding(_ later: SecretUse) -> SecretUse {
    SecretUse(count: count + later.count, last: later.last)
  }

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(16)
    bytes.append(count)
    bytes.append(UInt64(last.microseconds))
    return bytes
  }
}
