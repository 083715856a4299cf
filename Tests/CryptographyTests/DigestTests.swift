import Cryptography
import Testing

@Suite("SHA-256")
struct SHA256Tests {
  /// FIPS 180-4 examples, and the digest of nothing.
  static let vectors: [(String, String)] = [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ]

  @Test("published vectors, in one go and in pieces", arguments: vectors)
  func publishedVectors(_ message: String, _ expected: String) {
    let bytes = Array(message.utf8)
    #expect(Hexadecimal.encode(SHA256.hash(bytes).bytes) == expected)

    var hasher = SHA256Hasher()
    hasher.update(Array("something before the reset".utf8))
    _ = hasher.finishAndReset()
    hasher.update(bytes.span.extracting(first: bytes.count / 3))
    hasher.update(bytes.span.extracting(droppingFirst: bytes.count / 3))
    #expect(Hexadecimal.encode(hasher.finish().bytes) == expected)
  }

  @Test("hashing at once on many threads gives what one thread gives")
  func concurrency() async {
    let expected = (0..<200).map { SHA256.hash(message($0)) }
    let digests = await withTaskGroup(of: (Int, SHA256Digest).self) { group in
      for index in expected.indices {
        group.addTask { @concurrent in (index, SHA256.hash(message(index))) }
      }
      return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    for index in expected.indices { #expect(digests[index] == expected[index]) }
  }

  @Test("a digest is 32 bytes")
  func digest() throws {
    let bytes = [UInt8](0..<32)
    let digest = try #require(SHA256Digest(bytes: bytes))
    #expect(digest.bytes == bytes)
    #expect(digest.withSpan { Array(copying: $0) } == bytes)
    #expect(SHA256Digest(bytes: [UInt8](0..<31)) == nil)
    #expect(SHA256Digest(bytes: [UInt8](0..<33)) == nil)
    var text: [UInt8] = [0xff]
    digest.append(to: &text)
    #expect(text == [0xff] + bytes)
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= 1
      #expect(SHA256Digest(bytes: changed) != digest)
    }
    #expect(Set([digest, digest, SHA256.hash([])]).count == 2)
  }
}

private func message(_ index: Int) -> [UInt8] {
  [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: index * 7)
}

extension Array where Element == UInt8 {
  fileprivate init(copying span: Span<UInt8>) {
    self = span.indices.map { span[$0] }
  }
}

@Suite("HMAC-SHA-256")
struct HMACTests {
  /// RFC 4231 §4.2–4.8; the fifth is published cut to 128 bits.
  static let vectors: [([UInt8], [UInt8], String)] = [
    (
      .init(repeating: 0x0b, count: 20), Array("Hi There".utf8),
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      .init(repeating: 0xaa, count: 20), .init(repeating: 0xdd, count: 50),
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
    ),
    (
      Array(1...25), .init(repeating: 0xcd, count: 50),
      "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
    ),
    (
      .init(repeating: 0x0c, count: 20), Array("Test With Truncation".utf8),
      "a3b6167473100ee06e0c796c2955552b"
    ),
    (
      .init(repeating: 0xaa, count: 131),
      Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
    (
      .init(repeating: 0xaa, count: 131),
      Array(
        """
        This is a test using a larger than block-size key and a larger than block-size data. \
        The key needs to be hashed before being used by the HMAC algorithm.
        """.utf8),
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
    ),
  ]

  @Test("published vectors, with a key used once and again", arguments: vectors)
  func publishedVectors(_ keyBytes: [UInt8], _ message: [UInt8], _ expected: String) {
    func text(_ code: SHA256Digest) -> String {
      String(Hexadecimal.encode(code.bytes).prefix(expected.count))
    }
    #expect(text(HMACSHA256.authenticationCode(key: keyBytes, message)) == expected)
    let key = HMACSHA256.Key(keyBytes)
    #expect(key.authenticationCode([]) != key.authenticationCode(message))
    #expect(text(key.authenticationCode(message)) == expected)
    #expect(text(key.authenticationCode(message.span)) == expected)
  }

  @Test("one key serves many threads")
  func concurrency() async {
    let key = HMACSHA256.Key([1, 2, 3])
    let expected = (0..<200).map { key.authenticationCode(message($0)) }
    let codes = await withTaskGroup(of: (Int, SHA256Digest).self) { group in
      for index in expected.indices {
        group.addTask { @concurrent in (index, key.authenticationCode(message(index))) }
      }
      return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    for index in expected.indices { #expect(codes[index] == expected[index]) }
  }

  @Test("no key at all stops the program")
  func emptyKey() async {
    await #expect(processExitsWith: .failure) { _ = HMACSHA256.Key([]) }
  }
}

@Suite("Constant-time equality and randomness")
struct ConstantTimeTests {
  @Test func equality() {
    #expect(constantTimeEquals([] as [UInt8], []))
    #expect(constantTimeEquals([1, 2, 3] as [UInt8], [1, 2, 3]))
    #expect(!constantTimeEquals([1, 2, 3] as [UInt8], [1, 2]))
    #expect(!constantTimeEquals([] as [UInt8], [0]))
    for index in 0..<32 {
      var changed = [UInt8](repeating: 7, count: 32)
      changed[index] ^= 0x80
      #expect(!constantTimeEquals(changed, [UInt8](repeating: 7, count: 32)))
    }
    #expect(constantTimeEquals(SHA256.hash([1]), SHA256.hash([1])))
    #expect(!constantTimeEquals(SHA256.hash([1]), SHA256.hash([2])))
  }

  @Test func random() {
    #expect(SecureRandom.bytes(0).isEmpty)
    let samples = (0..<100).map { _ in SecureRandom.bytes(32) }
    #expect(samples.allSatisfy { $0.count == 32 })
    #expect(Set(samples).count == 100)
    #expect(Set(samples.joined()).count == 256)
  }
}
