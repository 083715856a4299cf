import Cryptography
import Testing

@Suite("P-256 private keys in PEM")
struct P256PEMTests {
  @Test("PKCS #8 and SEC 1 give the key that OpenSSL's own tool wrote", arguments: [pkcs8, sec1])
  func reading(_ pem: String) throws {
    let key = try P256PrivateKey(pem: Array(pem.utf8))
    #expect(
      Hexadecimal.encode(key.publicKey.x)
        == "53be33ff171a41994d3e99280ebe4799751bfdb1fdf42526ef037a8813d87d96")
    #expect(
      Hexadecimal.encode(key.publicKey.y)
        == "f2d0584ca20fe32c2282a3709b292bafb9573e072853c38e0d101fddbfbc53b6")
    #expect(try key.pem() == Array((pkcs8 + "\n").utf8))
  }

  @Test("a generated key comes back from its PEM")
  func roundTrip() throws {
    let key = try P256PrivateKey.generate()
    let copy = try P256PrivateKey(pem: key.pem())
    #expect(copy.publicKey == key.publicKey)
    #expect(try P256PrivateKey.generate().publicKey != key.publicKey)
    let signature = try P256Signer(copy).sign([1, 2, 3])
    #expect(key.publicKey.isValid(signature: signature, for: [1, 2, 3]))
  }

  @Test(
    "anything else is refused",
    arguments: [
      "", "not PEM", String(pkcs8.dropLast(60)), pkcs8.replacing("MIGH", with: "MIGI"),
      otherCurve, ed25519, encrypted, publicKey, mixedHalves,
    ])
  func refused(_ pem: String) throws {
    let error = #expect(throws: CryptographyError.self) { try P256PrivateKey(pem: Array(pem.utf8)) }
    #expect(error?.code == .invalidKey)
  }

  @Test("a private key of another kind is told by its kind", arguments: [otherCurve, ed25519])
  func otherKind(_ pem: String) throws {
    let error = #expect(throws: CryptographyError.self) { try P256PrivateKey(pem: Array(pem.utf8)) }
    #expect(error?.description == "finding a P-256 key in the PEM failed")
  }

  @Test("an error tells what OpenSSL said, and the next one tells nothing of it")
  func reasons() throws {
    let error = #expect(throws: CryptographyError.self) {
      try P256PrivateKey(pem: Array("not PEM".utf8))
    }
    let reasons = try #require(error).reasons
    #expect(reasons.count == 1)
    #expect(error?.description.hasPrefix("reading PEM failed: error:") == true)
    let second = #expect(throws: CryptographyError.self) {
      try P256PrivateKey(pem: Array("not PEM either".utf8))
    }
    #expect(second?.reasons == reasons)
  }
}

private let pkcs8 = """
  -----BEGIN PRIVATE KEY-----
  MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg0OeTdljzUHugAZvJ
  W+/VRctP42GWe0N4cgPbKA3oBXqhRANCAARTvjP/FxpBmU0+mSgOvkeZdRv9sf30
  JSbvA3qIE9h9lvLQWEyiD+MsIoKjcJspK6+5Vz4HKFPDjg0QH92/vFO2
  -----END PRIVATE KEY-----
  """

/// The same key.
private let sec1 = """
  -----BEGIN EC PRIVATE KEY-----
  MHcCAQEEINDnk3ZY81B7oAGbyVvv1UXLT+NhlntDeHID2ygN6AV6oAoGCCqGSM49
  AwEHoUQDQgAEU74z/xcaQZlNPpkoDr5HmXUb/bH99CUm7wN6iBPYfZby0FhMog/j
  LCKCo3CbKSuvuVc+ByhTw44NEB/dv7xTtg==
  -----END EC PRIVATE KEY-----
  """

/// P-384.
private let otherCurve = """
  -----BEGIN PRIVATE KEY-----
  MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDCXfoGmPAuJrn+7Xr0o
  OxFTP4Eexrv9lqAgNLgG/ph0d22NKgA/A2F7CJrHk3ELvR6hZANiAASyUYT2H5Ts
  cfDaXOGMftP4QqwTQDkAL5vP5UTgmdEn0m9mI9+V98Pt/jHpn1l0DNGw1i07ViPR
  qnCyDvQILmfB5/h2T6/WO7aOTwi2HZQYclMkc5j7Rc91YPLAgYGXZxc=
  -----END PRIVATE KEY-----
  """

private let ed25519 = """
  -----BEGIN PRIVATE KEY-----
  MC4CAQAwBQYDK2VwBCIEIASGFRSS1dHowGCLcNlCT8lluBf5vXLeDNTmgxzqVAlN
  -----END PRIVATE KEY-----
  """

/// The first key under a passphrase.
private let encrypted = """
  -----BEGIN ENCRYPTED PRIVATE KEY-----
  MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhySBHCYJTnBwICCAAw
  DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEHuweirTgigegvon395pzzQEgZCr
  blVTve+3PF47xJj8w8mYR9DXTiJPgQucUB0QuzDj5sM7HS5WqR0byPQNIySYfB3g
  LTor/IG0lOlalnCqnLabCnhE30L4nO16GvKpo8mG5DBKqRJ4LPTZo4VRZ5rphBUb
  2DrTY2WPyL0kU0/pTYg1V+VX+B6pTYUhcTAmayAuaFDStIwKIxgSi73v289qtyY=
  -----END ENCRYPTED PRIVATE KEY-----
  """

/// Its public half alone.
private let publicKey = """
  -----BEGIN PUBLIC KEY-----
  MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEU74z/xcaQZlNPpkoDr5HmXUb/bH9
  9CUm7wN6iBPYfZby0FhMog/jLCKCo3CbKSuvuVc+ByhTw44NEB/dv7xTtg==
  -----END PUBLIC KEY-----
  """

/// Its private half with another key's public half.
private let mixedHalves = """
  -----BEGIN PRIVATE KEY-----
  MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg0OeTdljzUHugAZvJ
  W+/VRctP42GWe0N4cgPbKA3oBXqhRANCAAReZGC4dAVXrgi9w3+NAJRKGkKWadfY
  gHYV2RIUZOu6Uww64OQDdPr4K9X/wi2IetxBPxnuwzNUgYrcjNNZy1QD
  -----END PRIVATE KEY-----
  """
