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
