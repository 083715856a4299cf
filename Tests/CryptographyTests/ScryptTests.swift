import Cryptography
import Testing

@Suite("scrypt")
struct ScryptTests {
  /// RFC 7914 §12 but for the last, which takes a gigabyte.
  @Test(
    "published vectors",
    arguments: [
      (
        "", "", [16, 1, 1],
        "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
          + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
      ),
      (
        "password", "NaCl", [1024, 8, 16],
        "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
          + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
      ),
      (
        "pleaseletmein", "SodiumChloride", [16384, 8, 1],
        "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
          + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
      ),
    ] as [(String, String, [Int], String)])
  func publishedVectors(_ password: String, _ salt: String, _ cost: [Int], _ expected: String)
    throws
  {
    let hash = try hash(password, salt, cost, length: 64)
    #expect(Hexadecimal.encode(hash) == expected)
  }

  @Test("a password with bytes beyond ASCII")
  func bytes() throws {
    let hash = try hash("pässword\u{0}x", "NaCl", [16, 1, 1], length: 16)
    #expect(Hexadecimal.encode(hash) == "7179d472612f5e821b10473e2fe80876")
  }

  @Test(
    "parameters outside their range are refused",
    arguments: [
      [0, 8, 1, 32], [1, 8, 1, 32], [-16, 8, 1, 32], [15, 8, 1, 32], [16, 0, 1, 32],
      [16, 8, 0, 32], [16, 8, -1, 32], [16, 8, 1, 0], [16, 8, 1, -1], [1 << 21, 8, 1, 32],
      [1 << 40, 8, 1, 32], [16, .max, 1, 32], [16, 8, .max, 32],
    ])
  func refused(_ parameters: [Int]) {
    let error = #expect(throws: CryptographyError.self) {
      try hash(
        "a", "b", Array(parameters[..<3]), length: parameters[3])
    }
    #expect(error?.code == .invalidParameters)
  }

  private func hash(
    _ password: String, _ salt: String, _ cost: [Int], length: Int
  ) throws -> [UInt8] {
    try Scrypt.hash(
      password: Array(password.utf8), salt: Array(salt.utf8), cost: cost[0], blockSize: cost[1],
      parallelization: cost[2], length: length)
  }
}
