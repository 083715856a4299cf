import CanonicalJSON
import Cryptography
import JOSE
import Testing

@Suite("JSON Web Keys")
struct JSONWebKeyTests {
  /// Keys and thumbprints: RFC 9449 §6.1, RFC 7515 A.3 (thumbprint by Python's hashlib and json),
  /// and a key of OpenSSL's tool (the same).
  @Test(
    "published keys have their published thumbprints",
    arguments: [
      (
        "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
        "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
        "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
      ),
      (
        "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U"
      ),
      (
        "U74z_xcaQZlNPpkoDr5HmXUb_bH99CUm7wN6iBPYfZY",
        "8tBYTKIP4ywigqNwmykrr7lXPgcoU8OODRAf3b-8U7Y",
        "uCNoPK-jP51Xi80j1FoyKNHl_COL35aBUBG2g69TgbY"
      ),
    ])
  func thumbprints(_ x: String, _ y: String, _ thumbprint: String) throws {
    let key = try P256PublicKey(
      x: #require(Base64URL.decode(x)), y: #require(Base64URL.decode(y)))
    #expect(JSONWebKey.thumbprint(of: key) == thumbprint)
    #expect(JSONWebKey(publicKey: key).keyID == thumbprint)
  }

  @Test("a key is written with every member and read back")
  func roundTrip() throws {
    let key = try P256PrivateKey.generate().publicKey
    let webKey = JSONWebKey(publicKey: key)
    #expect(
      String(decoding: webKey.json.canonicalBytes(), as: UTF8.self)
        == #"{"alg":"ES256","crv":"P-256","kid":"\#(webKey.keyID)","kty":"EC","use":"sig","#
        + #""x":"\#(Base64URL.encode(key.x))","y":"\#(Base64URL.encode(key.y))"}"#)
    let copy = try JSONWebKey(json: webKey.json)
    #expect(copy == webKey)
    #expect(copy.publicKey == key)
    #expect(try JSONWebKey(publicKey: P256PrivateKey.generate().publicKey) != webKey)
  }

  @Test("a set is an object of keys in the order given")
  func set() throws {
    let keys = try (0..<3).map { _ in
      JSONWebKey(publicKey: try P256PrivateKey.generate().publicKey)
    }
    let json = JSONWebKeySet(keys: keys).json
    #expect(json.members?.map(\.name) == ["keys"])
    #expect(try #require(json["keys"]?.array).map { try JSONWebKey(json: $0) } == keys)
    #expect(JSONWebKeySet(keys: []).json.canonicalBytes() == Array(#"{"keys":[]}"#.utf8))
  }

  static let x = #""x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU""#
  static let y = #""y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0""#

  @Test("a key needs its coordinates alone, and keeps the kid it comes with")
  func optionalMembers() throws {
    let bare = try read(#"{"kty":"EC","crv":"P-256",\#(Self.x),\#(Self.y),"other":[1]}"#)
    #expect(bare.keyID == "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U")
    let named = try read(#"{"kty":"EC","crv":"P-256",\#(Self.x),\#(Self.y),"kid":"one"}"#)
    #expect(named.keyID == "one")
    #expect(named != bare)
  }

  @Test(
    "what is no public ES256 key is refused",
    arguments: [
      ("{}", .invalidKey), ("[]", .invalidKey), ("null", .invalidKey),
      (#"{"kty":"RSA","crv":"P-256",\#(x),\#(y)}"#, .invalidKey),
      (#"{"crv":"P-256",\#(x),\#(y)}"#, .invalidKey),
      (#"{"kty":"EC","crv":"P-384",\#(x),\#(y)}"#, .invalidKey),
      (#"{"kty":"EC","crv":"P-256",\#(x)}"#, .invalidKey),
      (#"{"kty":"EC","crv":"P-256",\#(x),"y":1}"#, .invalidKey),
      (#"{"kty":"EC","crv":"P-256",\#(x),\#(y),"alg":"RS256"}"#, .invalidKey),
      (#"{"kty":"EC","crv":"P-256",\#(x),\#(y),"alg":null}"#, .invalidKey),
      (#"{"kty":"EC","crv":"P-256",\#(x),\#(y),"use":"enc"}"#, .invalidKey),
      (#"{"kty":"EC","crv":"P-256",\#(x),\#(y),"kid":1}"#, .invalidKey),
      (#"{"kty":"EC","crv":"P-256",\#(x),\#(y),"d":"AA"}"#, .invalidKey),
      (#"{"kty":"EC","crv":"P-256",\#(x),"y":"AAAA"}"#, .invalidKey),
      (#"{"kty":"EC","crv":"P-256",\#(x),"y":"a=="}"#, .notBase64URL),
      (
        #"{"kty":"EC","crv":"P-256",\#(x),"y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a1"}"#,
        .notBase64URL
      ),
      (
        #"{"kty":"EC","crv":"P-256",\#(x),"y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a4"}"#,
        .invalidKey
      ),
    ] as [(String, JOSEError)])
  func refused(_ text: String, _ expected: JOSEError) {
    #expect(throws: expected) { try read(text) }
  }

  private func read(_ text: String) throws -> JSONWebKey {
    try JSONWebKey(json: JSON.parse(Array(text.utf8)))
  }
}
