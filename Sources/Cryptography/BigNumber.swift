import COpenSSL

/// OpenSSL's big numbers as 32 bytes, most significant first.
enum BigNumber {
  static let count = 32

  /// Nil when the number needs more bytes.
  static func bytes(of number: OpaquePointer?) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    return unsafe BN_bn2binpad(number, &bytes, Int32(count)) == Int32(count) ? bytes : nil
  }

  /// A number that the caller owns; nil when there is no memory for it.
  static func make(_ bytes: Span<UInt8>) -> OpaquePointer? {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe BN_bin2bn(buffer.baseAddress, Int32(buffer.count), nil)
    }
  }
}
