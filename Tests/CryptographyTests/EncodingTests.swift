import Cryptography
import Testing

@Suite("Base 64 and base 16")
struct EncodingTests {
  /// RFC 4648 §10.
  @Test(
    "published vectors",
    arguments: [
      ("", "", ""), ("f", "Zg==", "66"), ("fo", "Zm8=", "666f"), ("foo", "Zm9v", "666f6f"),
      ("foob", "Zm9vYg==", "666f6f62"), ("fooba", "Zm9vYmE=", "666f6f6261"),
      ("foobar", "Zm9vYmFy", "666f6f626172"),
    ])
  func vectors(_ text: String, _ base64: String, _ base16: String) {
    let bytes = Array(text.utf8)
    let unpadded = String(base64.prefix { $0 != "=" })
    #expect(Base64.encode(bytes) == base64)
    #expect(Base64.decode(base64) == bytes)
    #expect(Base64URL.encode(bytes) == unpadded)
    #expect(Base64URL.decode(unpadded) == bytes)
    #expect(Hexadecimal.encode(bytes) == base16)
    #expect(Hexadecimal.decode(base16) == bytes)
  }

  @Test("the two alphabets differ in their last digits")
  func alphabets() {
    let bytes: [UInt8] = [0xfb, 0xff, 0xbf, 0xff]
    #expect(Base64.encode(bytes) == "+/+//w==")
    #expect(Base64URL.encode(bytes) == "-_-__w")
    #expect(Base64.decode("-_-__w==") == nil)
    #expect(Base64URL.decode("+/+//w") == nil)
  }

  @Test("every byte comes back, at every length")
  func roundTrip() {
    for length in 0...300 {
      let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ length) }
      #expect(Base64.decode(Base64.encode(bytes)) == bytes)
      #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
      #expect(Hexadecimal.decode(Hexadecimal.encode(bytes)) == bytes)
      var text = Array("a.".utf8)
      Base64URL.append(bytes.span, to: &text)
      #expect(text == Array("a.\(Base64URL.encode(bytes))".utf8))
    }
  }

  @Test(
    "what is not exactly base64url is refused",
    arguments: [
      "Zg==", "Zm8=", "Zh", "Zm9", "Z", "Zm9vY", "Zm9v\n", " Zm9v", "Zm 9v", "Zm9v=", "Zm9é", "Z\0",
      "Zm9vZh", "Zm9vZm9",
    ])
  func strictBase64URL(_ text: String) {
    #expect(Base64URL.decode(text) == nil)
  }

  @Test(
    "what is not exactly padded base 64 is refused",
    arguments: [
      "Zg", "Zg=", "Zm8", "Zh==", "Zm9=", "Z===", "====", "=", "Zg==Zg==", "Z=g=", "Zm9v\n",
      "Zm9vA===", "Zg==\n",
    ])
  func strictBase64(_ text: String) {
    #expect(Base64.decode(text) == nil)
  }

  @Test(
    "what is not exactly lower-case base 16 is refused",
    arguments: ["0", "0F", "0g", "0x00", " 00", "00 ", "é"])
  func strictHexadecimal(_ text: String) {
    #expect(Hexadecimal.decode(text) == nil)
  }
}
