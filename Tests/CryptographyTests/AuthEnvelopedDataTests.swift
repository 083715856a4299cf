import Cryptography
import Testing

@Suite("AuthEnvelopedData")
struct AuthEnvelopedDataTests {
  private static let content = (0..<5_000).map { UInt8(truncatingIfNeeded: $0 * 7) }

  @Test(
    "the holder of the key opens what was encrypted to the certificate",
    arguments: [(ecCertificate, ecKey), (rsaCertificate, rsaKey)])
  func roundTrip(_ certificate: String, _ key: String) throws {
    let recipient = try Certificate(pem: Array(certificate.utf8))
    for content in [[], [0x0D, 0x0A, 0x0A], Self.content] {
      let message = try AuthEnvelopedData.encrypt(content, to: recipient)
      #expect(message.starts(with: "-----BEGIN CMS-----".utf8))
      #expect(try AuthEnvelopedData.decrypt(message, with: Array(key.utf8)) == content)
    }
  }

  @Test("two messages of one content have nothing in common")
  func freshKeys() throws {
    let recipient = try Certificate(pem: Array(ecCertificate.utf8))
    let messages = try (0..<2).map { _ in
      try AuthEnvelopedData.encrypt(Self.content, to: recipient)
    }
    #expect(messages[0] != messages[1])
  }

  @Test("a message of OpenSSL's own tool is opened")
  func published() throws {
    let content = try AuthEnvelopedData.decrypt(Array(message.utf8), with: Array(ecKey.utf8))
    #expect(String(decoding: content, as: UTF8.self) == "written by openssl\n")
  }

  @Test(
    "what the key does not open, was changed, or is not authenticated is refused",
    arguments: [(message, rsaKey), (unauthenticated, ecKey), ("", ecKey), (ecCertificate, ecKey)])
  func refused(_ message: String, _ key: String) throws {
    let error = #expect(throws: CryptographyError.self) {
      try AuthEnvelopedData.decrypt(Array(message.utf8), with: Array(key.utf8))
    }
    #expect(error?.code == .invalidMessage)
  }

  @Test("a flipped bit in the content or its tag is found", arguments: 1...24)
  func changed(_ place: Int) throws {
    var der = try #require(
      Base64.decode(message.split(separator: "\n").dropFirst().dropLast().joined()))
    der[der.count - place] ^= 1
    let text = "-----BEGIN CMS-----\n\(Base64.encode(der))\n-----END CMS-----\n"
    #expect(throws: CryptographyError.self) {
      try AuthEnvelopedData.decrypt(Array(text.utf8), with: Array(ecKey.utf8))
    }
  }

  @Test("a key that is none is told from a message that is none")
  func noKey() throws {
    let error = #expect(throws: CryptographyError.self) {
      try AuthEnvelopedData.decrypt(Array(message.utf8), with: Array(message.utf8))
    }
    #expect(error?.code == .invalidKey)
  }

  @Test("a certificate that nothing can be encrypted to is refused", arguments: [short, edwards])
  func unusable(_ certificate: String) throws {
    let recipient = try Certificate(pem: Array(certificate.utf8))
    let error = #expect(throws: CryptographyError.self) {
      try AuthEnvelopedData.encrypt([1], to: recipient)
    }
    #expect(error?.code == .invalidKey)
  }

  @Test("what is no certificate is refused", arguments: ["", "text", ecKey])
  func noCertificate(_ text: String) {
    let error = #expect(throws: CryptographyError.self) { try Certificate(pem: Array(text.utf8)) }
    #expect(error?.code == .invalidKey)
  }

  @Test("a fingerprint is what OpenSSL's own tool shows")
  func fingerprint() throws {
    #expect(
      try Certificate(pem: Array(ecCertificate.utf8)).fingerprint
        == "1896eb8d8e73045aa53465c5c2e502c487e9ad0027f6fd23e24e10d0fa662609")
  }
}

/// A self-signed certificate on P-256.
private let ecCertificate = """
  -----BEGIN CERTIFICATE-----
  MIIBeTCCAR+gAwIBAgIUR3N9I4CFSSA+s//DV3RG6t5xW54wCgYIKoZIzj0EAwIw
  ETEPMA0GA1UEAwwGQmFja3VwMCAXDTI2MTEyMTE5MDg0M1oYDzIxMjYxMDI4MTkw
  ODQzWjARMQ8wDQYDVQQDDAZCYWNrdXAwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
  AAT3TQlYrHORyK/PMp67iwt3LwPNIFtvIyEhhU9XRwSwvmmsJ2KpLVNP7jDxIk48
  01hVxjX8twaMrBIv1qY166sso1MwUTAdBgNVHQ4EFgQU5q9iFtn9AJBFtOVSdXWq
  q7yNWv4wHwYDVR0jBBgwFoAU5q9iFtn9AJBFtOVSdXWqq7yNWv4wDwYDVR0TAQH/
  BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiBgyiFfFVJV2wr92pCbriHUnvpnRY2G
  d0iDaVTxZo8OsgIhAI0jM5+tg9BtIoB3DakHKHHwtGaJiXOxWB+3hLz2cIf7
  -----END CERTIFICATE-----
  """

/// Its key.
private let ecKey = """
  -----BEGIN PRIVATE KEY-----
  MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgGCh9MQ+yFo/T/h/H
  DdP33cuX/3H/9/kVEYX7txhlGk+hRANCAAT3TQlYrHORyK/PMp67iwt3LwPNIFtv
  IyEhhU9XRwSwvmmsJ2KpLVNP7jDxIk4801hVxjX8twaMrBIv1qY166ss
  -----END PRIVATE KEY-----
  """

/// One with an RSA key of 2,048 bits.
private let rsaCertificate = """
  -----BEGIN CERTIFICATE-----
  MIIDBTCCAe2gAwIBAgIUAN2dVdEGTZY6Q7xSAPkXwbJF16MwDQYJKoZIhvcNAQEL
  BQAwETEPMA0GA1UEAwwGQmFja3VwMCAXDTI2MTEyMTE5MDg0M1oYDzIxMjYxMDI4
  MTkwODQzWjARMQ8wDQYDVQQDDAZCYWNrdXAwggEiMA0GCSqGSIb3DQEBAQUAA4IB
  DwAwggEKAoIBAQCEMCpMYctgR1ZM2yWOvxCUqcO6K4Goce9bpnpIGBsvsZ9xozYP
  zPblu2nSCIskfLHCXjuXY+RbieXGD8i9cCH8SkOfDl0GJe7RiPrfKZT0MIWbOJ6y
  cp9fZpB5fdfuU9zist+/HQjY4u2Rt+zE9sYyrpPTIsgHvb2Jl3uNC98OFOjO8z25
  2UEjBk86Q28KQolkKHJaV7gR3qswGkvx9mMIUNiYK4W2C+aZS9SwFk3HwhtW0CL8
  wpw2IiGi10ga5UOLrQwIhwx98hNdz6XM0pBrbcbXvfk/Ws15IB53vmpsOEhmPZKJ
  PE2UPVZWH1EvoUElgwBVZyDJh/a8nj8TPtD9AgMBAAGjUzBRMB0GA1UdDgQWBBRk
  NoHUDg4DwTLSI9dXjkjaT87aVDAfBgNVHSMEGDAWgBRkNoHUDg4DwTLSI9dXjkja
  T87aVDAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4IBAQBvEfkx7BJn
  NF+kN0ooKpF8ifINNWbhEzX/xs9AdR4Dz6P2vyHq7Iyv5n9VM5hybJ3DQPhpxtA8
  xl35lqu4bETN+7Bpfb3mUiXfgdH3N4XBkaufSRjGxkH1iEwvqICxW3qYFKLIesqD
  LYUsotYBmyunByImDmwDhljt2ZjcqAl21KZlTYbOHWmBwtOjJRoA5Ww6kUNt5Dmd
  9aSNXP0FLqw3ojVUo0olm7ZfXUHMCohtyKiv/e8/7y6Ip9NUFDTjKOOOmeF/DwqQ
  qHr+78miMBbtbph0mC9ZbgCInDK1X3BGEbH2UUPzzHen3X6sDL4CVj1ekMGttTLM
  jP37XwXoHi7S
  -----END CERTIFICATE-----
  """

/// Its key.
private let rsaKey = """
  -----BEGIN PRIVATE KEY-----
  MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQCEMCpMYctgR1ZM
  2yWOvxCUqcO6K4Goce9bpnpIGBsvsZ9xozYPzPblu2nSCIskfLHCXjuXY+RbieXG
  D8i9cCH8SkOfDl0GJe7RiPrfKZT0MIWbOJ6ycp9fZpB5fdfuU9zist+/HQjY4u2R
  t+zE9sYyrpPTIsgHvb2Jl3uNC98OFOjO8z252UEjBk86Q28KQolkKHJaV7gR3qsw
  Gkvx9mMIUNiYK4W2C+aZS9SwFk3HwhtW0CL8wpw2IiGi10ga5UOLrQwIhwx98hNd
  z6XM0pBrbcbXvfk/Ws15IB53vmpsOEhmPZKJPE2UPVZWH1EvoUElgwBVZyDJh/a8
  nj8TPtD9AgMBAAECggEANzXYzNtBsv5IpMQZPTQ/LCB1v/HA70ZbFzgCtc7ft/1j
  n3ZwM4xDiPNMgO2RlBVCt3BdSl9t9u+zGRTpnnnRsAqikLHSl6lLRJgGVCQNcyo6
  +3hcDCNEvndbm2q8v+2mAcd9HVj2o4Owfx7HVQLPCEcTNem+i0EsA2ZSM7iEGuB2
  Kr9CfFPkI4+wSqft4Nb4dOMggs55x0bJKjLvAuumxFa9jtOP2TS3OwjCgl121DWo
  iIFOYUMPfP9NdTYUe6LG0kcFOJM7kMsbZYLjExdZ+YYqLB9isnNvTUtm7qKpWnb7
  ahX6E94bOo1xUq11wDT3bm2gCH0WVPDsrCPuU0dcrwKBgQC5IH5Vz8qm+hGhtqlL
  XPkdCdSKRw6ESBrSXwpELAXJsocgSICv5VpGyRNUDwToDO8M8+6AgFVAK1WD3+QS
  7sUkxgVa1sR6YftQ5hfJeBct+Fv7wboanHrseizYWs/00m8MAi2NZ/g+O0+MmGnB
  bF5c4B/uMMyOfvEpa60X7zzIDwKBgQC2y12jtyOGIKI6WqZ7+b6Y7FxgStlXbF28
  xzRHS+JW4tKoPjlQQnrXxq5pwHzeiKYN+ldXUKiEIYSyQd38NF4CrUPsxfWdd7Du
  tVRavSq0yPOnN3avziukB6Cg+fY3o7l/Md51ub8b+MGIjadXgsdeLTN2az3iuhPH
  HDdyPSeqMwKBgGsVjZ5rjMibfBlzxGewhvSyG/xEb/Q6lTE9An4+jLaICzu0VKPq
  Yhbx9rk32tmzqY9vhnVURnvQ1S1sE8yTyvujg7Nw6cP06193SSkjyxyvPd3ZyKHe
  BAjH/yrDFOmD0/I5TEowatrsie5Et1/IJKlKh43LMnf2m98exshCfYEnAoGAJqN0
  JrAGjUqGoCkbOed/l1mW6S/JI0afxdChx1ROAqmtd6y3drSmvMedhHMQsgVWfGvn
  XGiLRmrDXt63aqEzIgO38OujUGbFep/PteJ4jYBQqI77woulA+Ys2PodRoOQKUfE
  S0Q5FlONrSysK75UIB8T2rsueKd2mMbpHXe506sCgYAMn/sIw185KlCM1N2N6731
  E+glG9Rsu9jgKtDPd2L2fld5cfaVyhj12hUBuBmkm6gIaTXWeA8Istrr7J4scYCw
  29Dsk7ijPbSK5oRlxkVsU0jmTpaI5E8Q1mTpwqjW2fUBf+F2TfZ94rzwNojq3Gy5
  42VkpGzp5IGAfKH4viYFww==
  -----END PRIVATE KEY-----
  """

/// One with an RSA key of 1,024 bits.
private let short = """
  -----BEGIN CERTIFICATE-----
  MIIB/jCCAWegAwIBAgIUczN5ciSV8tqZX2J6J+iQ5agXDEUwDQYJKoZIhvcNAQEL
  BQAwEDEOMAwGA1UEAwwFU2hvcnQwIBcNMjYxMTIxMTkwODQzWhgPMjEyNjEwMjgx
  OTA4NDNaMBAxDjAMBgNVBAMMBVNob3J0MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCB
  iQKBgQCqMNB/rzLP+jKRQhPD1+Ud+BVpoH0zK1L5gEypQbe997iCfcWP/jdn+3DH
  H2I9t70XWPLzFgcNnwSQkIl/txn3rh2AG2SgtOzgG/Ii2dty4KdCEQtdPt9ph9eT
  WjKZ9UlABaxUdXPQSnVQm52AE4ySAo6mpcPb0obJTGrqEZc5qwIDAQABo1MwUTAd
  BgNVHQ4EFgQUFf3SwYTqd0gUMbjk4DZVQmltGbMwHwYDVR0jBBgwFoAUFf3SwYTq
  d0gUMbjk4DZVQmltGbMwDwYDVR0TAQH/BAUwAwEB/zANBgkqhkiG9w0BAQsFAAOB
  gQCm+2nl7JBZwuTJfEckRLVYC+86FsWkytnmW9rGsYYkKWXPbexO1EblCXjp6vO1
  6QXKH7EZn3qlnrTPefwkTBnlwq5u86J75KdiweaVnX+iH3CiD1aPWy7M4Qg9bI/g
  rf+mOAac4Vhff3YrUYJW79lZdsiEwLdSNw2tIeo7Xg6vOQ==
  -----END CERTIFICATE-----
  """

/// One with an Ed25519 key, which signs and does not encrypt.
private let edwards = """
  -----BEGIN CERTIFICATE-----
  MIIBMDCB46ADAgECAhRJS4ea6RXB+majMnyBQWNo1y/NJzAFBgMrZXAwDTELMAkG
  A1UEAwwCRWQwIBcNMjYxMTIxMTkwODQzWhgPMjEyNjEwMjgxOTA4NDNaMA0xCzAJ
  BgNVBAMMAkVkMCowBQYDK2VwAyEAwz9ays4LIx0dAsOb/mrtYyu5W2fwdfgHC8Nb
  XxovmGyjUzBRMB0GA1UdDgQWBBThrbNYaVMYCIe39pEwdQku6DBTyTAfBgNVHSME
  GDAWgBThrbNYaVMYCIe39pEwdQku6DBTyTAPBgNVHRMBAf8EBTADAQH/MAUGAytl
  cANBALaHCHd6PxoRbeKBBZu2A8UKtcMXdb3y1ZTP8f5PUNvHADkUeG1YIXcC21Dl
  xT2PUiLOtMxfkbk6h9Yls+qcWA8=
  -----END CERTIFICATE-----
  """

/// `openssl cms -encrypt -aes-256-gcm -keyopt ecdh_kdf_md:sha256` to the certificate on P-256.
private let message = """
  -----BEGIN CMS-----
  MIIBOAYLKoZIhvcNAQkQARegggEnMIIBIwIBADGByaGBxgIBA6BRoU8wCQYHKoZI
  zj0CAQNCAAR9YbmG2DYYeV9z0ca5NiO5X28V4ZB6DyMJdw5yASZD0VdGRFUCV0jJ
  BGnu2U9ysQlfofvguwYvTbn6Dxdlr2sZMBUGBiuBBAELATALBglghkgBZQMEAS0w
  VzBVMCkwETEPMA0GA1UEAwwGQmFja3VwAhRHc30jgIVJID6z/8NXdEbq3nFbngQo
  KnemcxjeWKoK8AcUchVkd3fNOl5H2+xPk2NcaiwpFXK9v1FYtSlCTzBABgkqhkiG
  9w0BBwEwHgYJYIZIAWUDBAEuMBEEDAy3PInGnT41ijos7gIBEIATdcC91Yblb9hO
  hvD0HhPsFtl8YgQQU7svnpCxt5Ax/6yKukrVvA==
  -----END CMS-----
  """

/// The same with `-aes-256-cbc`: EnvelopedData, which anybody can change.
private let unauthenticated = """
  -----BEGIN CMS-----
  MIIBMwYJKoZIhvcNAQcDoIIBJDCCASACAQIxgcyhgckCAQOgUaFPMAkGByqGSM49
  AgEDQgAE7HQ9nOnyJyRDNs1u2rheYvl4OfFrZpBwXZuE6aUy9eCeG8xZvNJhaV5q
  KzkX/sjjSbT9+FNmzA5tLcpKP13lRjAYBgkrgQUQhkg/AAIwCwYJYIZIAWUDBAEt
  MFcwVTApMBExDzANBgNVBAMMBkJhY2t1cAIUR3N9I4CFSSA+s//DV3RG6t5xW54E
  KBE04i3xqh7swjjQSS0slejCdqIFvhIoswcXl21jiymnHAI4CL1vqJ4wTAYJKoZI
  hvcNAQcBMB0GCWCGSAFlAwQBKgQQ/b62XyjTSBnx+pr0Svqm+oAgoPOfrRhg6DpR
  xpJaA0I14hExftHLnM9ie6yQqYs1IlI=
  -----END CMS-----
  """
