import COpenSSL

/// Random bytes fit for keys and secrets.
package enum SecureRandom {
  /// Bytes from OpenSSL's generator, which the operating system seeds.
  ///
  /// When the system's random source fails the program stops: no secret, identifier or signature
  /// could be made safely from then on, and no caller can do better than to end.
  package static func bytes(_ count: Int) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      guard unsafe RAND_bytes(buffer.baseAddress, Int32(count)) == 1 else {
        fatalError("the system's random source failed")
      }
      initializedCount = count
    }
  }
}
