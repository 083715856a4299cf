import Cryptography
import Testing

@Suite("ECDSA on P-256 with SHA-256")
struct P256Tests {
  /// RFC 6979 A.2.5.
  static let rfc6979 = (
    x: "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6",
    y: "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
    sample: "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
      + "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
    test: "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
      + "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083"
  )
  /// The order of the group.
  static let n = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"

  static func rfc6979Key() throws -> P256PublicKey {
    try P256PublicKey(
      x: #require(Hexadecimal.decode(rfc6979.x)), y: #require(Hexadecimal.decode(rfc6979.y)))
  }

  @Test("RFC 6979 signatures")
  func publishedSignatures() throws {
    let key = try Self.rfc6979Key()
    let sample = try #require(Hexadecimal.decode(Self.rfc6979.sample))
    let test = try #require(Hexadecimal.decode(Self.rfc6979.test))
    #expect(key.isValid(signature: sample, for: Array("sample".utf8)))
    #expect(key.isValid(signature: test, for: Array("test".utf8)))
    #expect(!key.isValid(signature: sample, for: Array("test".utf8)))
    #expect(!key.isValid(signature: test, for: Array("sample".utf8)))
    #expect(!key.isValid(signature: test, for: []))
  }

  @Test("RFC 7515 A.3 signature")
  func jwsSignature() throws {
    let key = try P256PublicKey(
      x: #require(Base64URL.decode("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")),
      y: #require(Base64URL.decode("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")))
    let message =
      "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
      + "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    let signature = try #require(
      Base64URL.decode(
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"))
    #expect(key.isValid(signature: signature, for: Array(message.utf8)))
    #expect(!key.isValid(signature: signature, for: Array((message + "A").utf8)))
  }

  @Test("a signature with any bit changed is not valid")
  func changedSignature() throws {
    let key = try Self.rfc6979Key()
    let signature = try #require(Hexadecimal.decode(Self.rfc6979.sample))
    for index in signature.indices {
      var changed = signature
      changed[index] ^= 0x10
      #expect(!key.isValid(signature: changed, for: Array("sample".utf8)))
    }
  }

  @Test("signatures of the wrong shape are not valid")
  func malformedSignatures() throws {
    let key = try Self.rfc6979Key()
    let message = Array("sample".utf8)
    let signature = try #require(Hexadecimal.decode(Self.rfc6979.sample))
    let n = try #require(Hexadecimal.decode(Self.n))
    let zero = [UInt8](repeating: 0, count: 32)
    let one = zero.dropLast() + [1]
    let ones = [UInt8](repeating: 0xff, count: 32)
    for half in [zero, Array(one), n, ones] {
      #expect(!key.isValid(signature: half + signature[32...], for: message))
      #expect(!key.isValid(signature: signature[..<32] + half, for: message))
      #expect(!key.isValid(signature: half + half, for: message))
    }
    for length in [0, 1, 32, 63] {
      #expect(!key.isValid(signature: Array(signature[..<length]), for: message))
    }
    #expect(!key.isValid(signature: signature + [0], for: message))
    #expect(!key.isValid(signature: [0] + signature, for: message))
  }

  @Test(
    "coordinates that are no point on the curve are refused",
    arguments: [
      (rfc6979.x, rfc6979.x), (rfc6979.y, rfc6979.x), (rfc6979.x, n),
      (String(repeating: "00", count: 32), String(repeating: "00", count: 32)),
      (String(repeating: "ff", count: 32), rfc6979.y), (String(rfc6979.x.dropLast(2)), rfc6979.y),
      (rfc6979.x, "00" + rfc6979.y), ("", ""), (rfc6979.x + rfc6979.y, ""),
    ])
  func offCurve(_ x: String, _ y: String) throws {
    let x = try #require(Hexadecimal.decode(x))
    let y = try #require(Hexadecimal.decode(y))
    let error = #expect(throws: CryptographyError.self) { try P256PublicKey(x: x, y: y) }
    #expect(error?.code == .invalidKey)
  }

  @Test("what is signed is valid, for its message and its key alone")
  func roundTrip() throws {
    let key = try P256PrivateKey.generate()
    let other = try P256PrivateKey.generate()
    let signer = try P256Signer(key)
    for length in [0, 1, 55, 64, 1000] {
      let message = [UInt8](repeating: UInt8(truncatingIfNeeded: length), count: length)
      let signature = try signer.sign(message)
      #expect(signature.count == 64)
      #expect(key.publicKey.isValid(signature: signature, for: message))
      #expect(!key.publicKey.isValid(signature: signature, for: message + [0]))
      #expect(!other.publicKey.isValid(signature: signature, for: message))
    }
  }

  @Test("r and s keep their leading zero bytes")
  func leadingZeros() throws {
    let key = try P256PrivateKey.generate()
    let signer = try P256Signer(key)
    var seen = (r: 0, s: 0)
    for count in 0..<20_000 where seen.r < 2 || seen.s < 2 {
      let message = Array("message \(count)".utf8)
      let signature = try signer.sign(message)
      #expect(signature.count == 64)
      guard signature[0] == 0 || signature[32] == 0 else { continue }
      seen.r += signature[0] == 0 ? 1 : 0
      seen.s += signature[32] == 0 ? 1 : 0
      #expect(key.publicKey.isValid(signature: signature, for: message))
    }
    #expect(seen.r >= 2 && seen.s >= 2)
  }

  @Test("many threads verify with one key, each signing with its own signer")
  func concurrency() async throws {
    let key = try P256PrivateKey.generate()
    let results = try await withThrowingTaskGroup(of: Bool.self) { group in
      for index in 0..<40 {
        group.addTask { @concurrent in
          let message = Array("message \(index)".utf8)
          let signature = try P256Signer(key).sign(message)
          return key.publicKey.isValid(signature: signature, for: message)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results == [Bool](repeating: true, count: 40))
  }
}
