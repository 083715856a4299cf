/// Digits, upper case, lower case: text that a double click selects whole.
enum Base62 {
  private static let alphabet = Array(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

  /// The big-endian number of the bytes, filled with zeros to the length that the largest number
  /// of that many bytes needs: 43 characters for 32 bytes, 6 for 4.
  static func encode(_ bytes: [UInt8]) -> [UInt8] {
    var number = bytes
    let length = (bytes.count * 8 * 1_000 + 5_953) / 5_954
    var characters: [UInt8] = []
    for _ in 0..<length { characters.append(alphabet[divideBy62(&number)]) }
    return characters.reversed()
  }

  /// Six characters of CRC-32.
  static func checksum(of bytes: [UInt8]) -> [UInt8] {
    let checksum = CRC32.checksum(bytes)
    return encode([24, 16, 8, 0].map { UInt8(truncatingIfNeeded: checksum >> $0) })
  }

  /// Divides in place and gives the remainder.
  private static func divideBy62(_ number: inout [UInt8]) -> Int {
    var remainder = 0
    for index in number.indices {
      let value = remainder << 8 | Int(number[index])
      number[index] = UInt8(value / 62)
      remainder = value % 62
    }
    return remainder
  }
}

/// CRC-32 as in ISO 3309 and gzip (RFC 1952 §8).
enum CRC32 {
  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var register: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      register ^= UInt32(byte)
      for _ in 0..<8 { register = register >> 1 ^ (register & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    return ~register
  }
}
