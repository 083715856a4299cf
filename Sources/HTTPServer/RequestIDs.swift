extension String {
  /// Whether a proxy's id can be taken over: at most 64 letters, digits and `-._`.
  var isRequestID: Bool {
    (1...64).contains(utf8.count)
      && utf8.allSatisfy {
        switch $0 {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
      }
  }
}

/// Makes the ids of one loop's requests: fifteen characters, so that no id needs memory of its
/// own; eight are random for each start of a loop, seven count.
struct RequestIDs {
  private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

  private let prefix = UInt64.random(in: 0..<1 << 40)

  /// The id of an exchange. It repeats after 2³⁵ exchanges of one loop.
  subscript(number: UInt64) -> String {
    unsafe String(unsafeUninitializedCapacity: 15) { octets in
      for index in 0..<15 {
        let bits = index < 8 ? prefix >> UInt64(35 - 5 * index) : number >> UInt64(70 - 5 * index)
        unsafe octets[index] = Self.alphabet[Int(bits & 31)]
      }
      return 15
    }
  }
}
