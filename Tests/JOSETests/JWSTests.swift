import CanonicalJSON
import Cryptography
import JOSE
import Testing

@Suite("JWS compact form")
struct JWSTests {
  /// RFC 7515 A.3.1.
  static let published =
    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxl"
    + "LmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISl"
    + "SApmWQxfKTUJqPP3-Kg6NU1Q"

  static func publishedKey() throws -> P256PublicKey {
    try P256PublicKey(
      x: #require(Base64URL.decode("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")),
      y: #require(Base64URL.decode("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")))
  }

  @Test("RFC 7515 A.3")
  func publishedToken() throws {
    let token = try JWS.parse(Self.published)
    #expect(token.type == nil)
    #expect(token.keyID == nil)
    let payload =
      "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}"
    #expect(token.payload == Array(payload.utf8))
    #expect(token.isSigned(by: try Self.publishedKey()))
    #expect(!token.isSigned(by: try P256PrivateKey.generate().publicKey))
  }

  @Test("a token of PyJWT 2.6.0")
  func foreignToken() throws {
    let token = try JWS.parse(
      "eyJhbGciOiJFUzI1NiIsImtpZCI6ImsxIiwidHlwIjoiYXQrand0In0.eyJzdWIiOiJjbGlfMSIsImV4cCI6NDEw"
        + "MjQ0NDgwMH0.6EwsvDCyZ0iQeJ20nHsWx729_CSywaj64nPh_FUxPZGZVugvev00ckjPPbdktMW8ePeuFGUyTL"
        + "9myChcIfD7HQ")
    let key = try P256PublicKey(
      x: #require(Base64URL.decode("U74z_xcaQZlNPpkoDr5HmXUb_bH99CUm7wN6iBPYfZY")),
      y: #require(Base64URL.decode("8tBYTKIP4ywigqNwmykrr7lXPgcoU8OODRAf3b-8U7Y")))
    #expect(token.type == "at+jwt")
    #expect(token.keyID == "k1")
    #expect(token.payload == Array(#"{"sub":"cli_1","exp":4102444800}"#.utf8))
    #expect(token.isSigned(by: key))
  }

  @Test("what is signed is read back", arguments: [0, 1, 2, 3, 300, 5000])
  func roundTrip(_ count: Int) throws {
    let key = try P256PrivateKey.generate()
    let signer = try JWSSigner(key: key, type: "at+jwt", keyID: "a \"b\" é")
    let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    for _ in 0..<3 {
      let compact = try signer.sign(payload: payload)
      let token = try JWS.parse(compact)
      #expect(token.type == "at+jwt")
      #expect(token.keyID == "a \"b\" é")
      #expect(token.payload == payload)
      #expect(token.isSigned(by: key.publicKey))
      #expect(!token.isSigned(by: try Self.publishedKey()))
    }
  }

  @Test("the header is canonical JSON with alg, kid and typ")
  func header() throws {
    let signer = try JWSSigner(key: .generate(), type: "at+jwt", keyID: "k1")
    let token = try signer.sign(payload: [])
    let header = try #require(token.split(separator: UInt8(ascii: ".")).first)
    #expect(
      Base64URL.decode(String(decoding: header, as: UTF8.self))
        == Array(#"{"alg":"ES256","kid":"k1","typ":"at+jwt"}"#.utf8))
  }

  @Test("a token with any character changed is refused or not signed")
  func tampered() throws {
    let key = try P256PrivateKey.generate()
    let signer = try JWSSigner(key: key, type: "at+jwt", keyID: "k1")
    let compact = try signer.sign(payload: Array(#"{"sub":"cli_1"}"#.utf8))
    for index in compact.indices {
      for replacement in Set("AQgw9_.".utf8) where replacement != compact[index] {
        var changed = compact
        changed[index] = replacement
        guard let token = try? JWS.parse(changed) else { continue }
        #expect(!token.isSigned(by: key.publicKey))
      }
    }
  }

  @Test("parts of two tokens make no third")
  func mixed() throws {
    let key = try P256PrivateKey.generate()
    let signer = try JWSSigner(key: key, type: "at+jwt", keyID: "k1")
    let one = try parts(signer.sign(payload: [1]))
    let two = try parts(signer.sign(payload: [2]))
    let header = try parts(JWSSigner(key: key, type: "JWT", keyID: "k1").sign(payload: [1]))
    #expect(try !JWS.parse("\(one[0]).\(two[1]).\(one[2])").isSigned(by: key.publicKey))
    #expect(try !JWS.parse("\(one[0]).\(one[1]).\(two[2])").isSigned(by: key.publicKey))
    #expect(try !JWS.parse("\(header[0]).\(one[1]).\(one[2])").isSigned(by: key.publicKey))
    #expect(try JWS.parse("\(one[0]).\(one[1]).\(one[2])").isSigned(by: key.publicKey))
  }

  @Test(
    "headers that are refused",
    arguments: [
      (#"{"alg":"none"}"#, .unsupportedAlgorithm), (#"{"alg":"None"}"#, .unsupportedAlgorithm),
      (#"{"alg":"HS256"}"#, .unsupportedAlgorithm), (#"{"alg":"RS256"}"#, .unsupportedAlgorithm),
      (#"{"alg":"ES384"}"#, .unsupportedAlgorithm), (#"{"alg":"es256"}"#, .unsupportedAlgorithm),
      (#"{"alg":""}"#, .unsupportedAlgorithm), (#"{}"#, .invalidHeader),
      (#"{"alg":null}"#, .invalidHeader), (#"{"alg":["ES256"]}"#, .invalidHeader),
      (#"{"alg":"ES256","alg":"none"}"#, .invalidHeader),
      (#"{"alg":"ES256","crit":["exp"],"exp":1}"#, .criticalExtension),
      (#"{"alg":"ES256","crit":null}"#, .criticalExtension),
      (#"{"alg":"ES256","b64":false,"crit":["b64"]}"#, .criticalExtension),
      (#"{"alg":"ES256","typ":1}"#, .invalidHeader),
      (#"{"alg":"ES256","kid":null}"#, .invalidHeader), (#"["ES256"]"#, .invalidHeader),
      (#""ES256""#, .invalidHeader), ("", .invalidHeader), (#"{"alg":"ES256""#, .invalidHeader),
      (#"{"alg":"ES256"} x"#, .invalidHeader),
    ] as [(String, JOSEError)])
  func refusedHeaders(_ header: String, _ expected: JOSEError) throws {
    let signed = try parts(Array(Self.published.utf8))
    let compact = "\(Base64URL.encode(Array(header.utf8))).\(signed[1]).\(signed[2])"
    #expect(throws: expected) { try JWS.parse(compact) }
  }

  @Test("a key that the header brings decides nothing")
  func embeddedKey() throws {
    let attacker = try P256PrivateKey.generate()
    let jwk = JSONWebKey(publicKey: attacker.publicKey).json
    let header = JSON.object([.init("alg", .string("ES256")), .init("jwk", jwk)])
    let input = Base64URL.encode(header.canonicalBytes()) + ".e30"
    let signature = try P256Signer(attacker).sign(Array(input.utf8))
    let token = try JWS.parse(input + "." + Base64URL.encode(signature))
    #expect(token.isSigned(by: attacker.publicKey))
    #expect(!token.isSigned(by: try Self.publishedKey()))
  }

  @Test("texts of another shape are refused")
  func shapes() throws {
    let signed = try parts(Array(Self.published.utf8))
    let cases: [(String, JOSEError)] = [
      ("", .notThreeParts), (signed[0], .notThreeParts),
      (signed[0] + "." + signed[1], .notThreeParts),
      (Self.published + ".", .notThreeParts), (Self.published + "..", .notThreeParts),
      ("." + Self.published, .notThreeParts), ("..", .invalidHeader),
      (".\(signed[1]).\(signed[2])", .invalidHeader),
      ("\(signed[0]).\(signed[1]).", .invalidSignature),
      ("\(signed[0]).\(signed[1]).AAAA", .invalidSignature),
      ("\(signed[0]).\(signed[1]).\(signed[2].dropLast(2))", .invalidSignature),
      (
        "\(signed[0]).\(signed[1]).\(Base64URL.encode([UInt8](repeating: 1, count: 65)))",
        .invalidSignature
      ),
      (Self.published + "=", .notBase64URL), (Self.published + "\n", .notBase64URL),
      (" " + Self.published, .notBase64URL),
      ("\(signed[0])=.\(signed[1]).\(signed[2])", .notBase64URL),
      ("\(signed[0]).\(signed[1])+.\(signed[2])", .notBase64URL),
    ]
    for (text, expected) in cases {
      #expect(throws: expected, "\(text)") { try JWS.parse(text) }
    }
  }

  @Test("a token is at most 8 KiB long")
  func length() throws {
    let signer = try JWSSigner(key: .generate(), type: "at+jwt", keyID: "k1")
    func token(_ count: Int) throws -> [UInt8] {
      try signer.sign(payload: [UInt8](repeating: 0x61, count: count))
    }
    let rest = try token(0).count
    let largest = (JWS.maximumCount - rest) * 3 / 4
    #expect(try JWS.parse(token(largest)).payload.count == largest)
    #expect(throws: JOSEError.tooLong) { try JWS.parse(token(largest + 3)) }
    #expect(throws: JOSEError.tooLong) { try JWS.parse(String(repeating: ".", count: 100_000)) }
  }

  private func parts(_ compact: [UInt8]) throws -> [String] {
    let parts = compact.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    try #require(parts.count == 3)
    return parts.map { String(decoding: $0, as: UTF8.self) }
  }
}
