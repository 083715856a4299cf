import Credentials
import Cryptography
import Foundation
import Support
import Testing

@Suite("Client secrets")
struct ClientSecretTests {
  @Test("a generated secret has the form that scanners look for", arguments: [true, false])
  func form(isTest: Bool) {
    let secret = ClientSecret.generate(isTest: isTest)
    let text = secret.disclose()
    #expect(text.count == 58)
    #expect(text.hasPrefix(isTest ? "tsk_test_" : "tsk_live_"))
    #expect(secret.isWellFormed)
    #expect(secret.lastFour == text.suffix(4))
    #expect(text.dropFirst(9).allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) })
    #expect(ClientSecret.generate(isTest: isTest).disclose() != text)
  }

  @Test("one wrong character is noticed", arguments: 0..<58)
  func checksum(place: Int) {
    var characters = Array(ClientSecret.generate(isTest: false).disclose())
    characters[place] = characters[place] == "7" ? "8" : "7"
    #expect(!ClientSecret(presented: String(characters)).isWellFormed)
  }

  /// Python: `zlib.crc32(b"tsk_live_" + b"0" * 43)` is 501088697, in base62 `0XuW3l`.
  @Test("the checksum is CRC-32 in base62")
  func publishedChecksum() {
    let body = "tsk_live_" + String(repeating: "0", count: 43)
    #expect(ClientSecret(presented: body + "CHECKSUM").isWellFormed == false)
    #expect(ClientSecret(presented: body + "0XuW3l").isWellFormed)
  }

  @Test("neither description nor reflection nor dump shows it")
  func silence() {
    let secret = ClientSecret.generate(isTest: false)
    var dumped = ""
    dump(secret, to: &dumped)
    for text in ["\(secret)", String(reflecting: secret), dumped] {
      #expect(!text.contains(secret.lastFour))
    }
    #expect(Mirror(reflecting: secret).children.isEmpty)
  }

  @Test("a verifier is HMAC-SHA-256 over context, client and secret")
  func verifier() throws {
    let directory = try TemporaryDirectory()
    let line = "0a1b2c3d " + Base64URL.encode([UInt8](repeating: 7, count: 32)) + "\n"
    try line.write(toFile: directory.path + "/peppers", atomically: false, encoding: .utf8)
    let pepper = try KeyDirectory(directory.path).peppers()[0]
    let secret = ClientSecret(presented: "a chosen secret")
    let message = "tallystick client secret v1\0cli_1\0a chosen secret"
    let expected = HMACSHA256.authenticationCode(
      key: [UInt8](repeating: 7, count: 32), Array(message.utf8))
    #expect(pepper.id == "0a1b2c3d")
    #expect(secret.verifier(pepper: pepper, client: Array("cli_1".utf8)) == expected)
    #expect(secret.verifier(pepper: pepper, client: Array("cli_2".utf8)) != expected)
  }
}

@Suite("The key directory")
struct KeyDirectoryTests {
  private let directory: TemporaryDirectory
  private let keys: KeyDirectory

  init() throws {
    directory = try TemporaryDirectory()
    keys = KeyDirectory(directory.path)
  }

  @Test("peppers and keys come back, in files that only their owner reads")
  func roundTrip() throws {
    try keys.createPepper()
    let key = try keys.createSigningKey("key_1")
    #expect(try keys.peppers().count == 1)
    #expect(try keys.signingKey("key_1").publicKey == key.publicKey)
    let files = try keys.files()
    #expect(files.count == 2)
    for file in files {
      let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions]
      #expect(mode as? Int == 0o600)
    }
  }

  @Test("an existing key is never replaced")
  func noReplacement() throws {
    try keys.createPepper()
    #expect(throws: KeyDirectoryError.self) { try keys.createPepper() }
  }

  @Test(
    "a damaged pepper file is refused whole",
    arguments: ["", "0a1b2c3d\n", "0a1b2c3d AAAA\n", "0a1b2c3d !\n", "short AAAA\n"])
  func damage(_ text: String) throws {
    try text.write(toFile: directory.path + "/peppers", atomically: false, encoding: .utf8)
    #expect(throws: KeyDirectoryError.self) { try keys.peppers() }
  }

  @Test("a key that is missing or no key is named")
  func missingKey() throws {
    #expect(throws: KeyDirectoryError.self) { try keys.signingKey("key_none") }
    try "no key".write(
      toFile: directory.path + "/key_2.pem", atomically: false, encoding: .utf8)
    let error = #expect(throws: KeyDirectoryError.self) { try keys.signingKey("key_2") }
    #expect(error?.description.contains("key_2.pem") == true)
  }
}
