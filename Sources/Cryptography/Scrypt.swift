import COpenSSL

/// The memory-hard password hash scrypt (RFC 7914).
package enum Scrypt {
  /// The most memory that one hash may take, 1 GiB and what the algorithm needs besides.
  private static let maximumMemory: UInt64 = 1 << 30 + 1 << 21

  /// Takes 128·N·r bytes of memory while it runs, and time in proportion to N·r·p: never call it
  /// on a thread that serves others.
  /// - Parameters:
  ///   - cost: N of the RFC, a power of two greater than 1.
  ///   - blockSize: r, at least 1.
  ///   - parallelization: p, at least 1.
  ///   - length: of the result in bytes, at least 1.
  /// - Throws: `invalidParameters` when a parameter is outside its range or N·r asks for more than
  ///   1 GiB of memory.
  @available(*, noasync)
  package static func hash(
    password: [UInt8], salt: [UInt8], cost: Int, blockSize: Int, parallelization: Int,
    length: Int
  ) throws(CryptographyError) -> [UInt8] {
    guard cost > 1, blockSize > 0, parallelization > 0, length > 0 else {
      throw CryptographyError(.invalidParameters, "scrypt")
    }
    let password = password.map(CChar.init(bitPattern:))
    var hash = [UInt8](repeating: 0, count: length)
    try CryptographyError.check("scrypt", otherwise: .invalidParameters) {
      unsafe EVP_PBE_scrypt(
        password, password.count, salt, salt.count, UInt64(cost), UInt64(blockSize),
        UInt64(parallelization), maximumMemory,
        &hash, length)
    }
    return hash
  }
}
