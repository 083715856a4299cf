import Ledger
import Testing

@testable import Endpoints

@Suite("What a request says of its domain")
struct DomainClaimTests {
  @Test(
    "origins that name a domain",
    arguments: [
      ("https://shop.example", "shop.example"), ("http://shop.example:8080", "shop.example"),
      ("https://SHOP.example", "shop.example"), ("http://localhost:1", "localhost"),
    ])
  func origins(_ origin: String, _ domain: String) throws {
    #expect(try DomainClaim(origin: origin) == .name(try #require(DomainName(domain))))
  }

  @Test(
    "origins that name none",
    arguments: [
      "null", "http://192.0.2.1", "http://[::1]:8080", "chrome-extension://abcdef",
      "app+x.y-1://shop.example",
    ])
  func nameless(_ origin: String) throws { #expect(try DomainClaim(origin: origin) == .none) }

  @Test(
    "what is no origin",
    arguments: [
      "", "NULL", "shop.example", "https://", "https:///", "https://shop.example/",
      "https://shop.example?", "https://shop.example#", "https://a@shop.example",
      "https://shop.example:", "https://shop.example:0", "https://shop.example:65536",
      "https://shop.example:+80", "https://shop.example:80:80", "https://shop.example.",
      "https://a.example https://b.example", "https://a.example, https://b.example",
      "HTTPS://shop.example", "://shop.example", "1https://shop.example", "https://[::1",
      "https://[shop.example]", "https://[::1]x", "https://::1", "https://[192.0.2.1]",
      "https://\u{212A}.example", "https://shop.example\u{0}", "https://shop\u{301}.example",
    ])
  func noOrigins(_ origin: String) {
    #expect(throws: OAuthError.self) { try DomainClaim(origin: origin) }
  }

  private static func domain(
    _ hosts: [String], _ origins: [String], _ parameter: String?, own: String = "id.example"
  ) throws -> String? {
    let sources = DomainSources(
      forwardedHosts: hosts, origins: origins, parameter: parameter)
    return try sources.domain(ownHost: own)?.text
  }

  @Test(
    "the strongest wins, and the weaker ones say the same",
    arguments: [
      ([], [], nil, nil), ([], [], "shop.example", "shop.example"),
      ([], [], "SHOP.example", "shop.example"), ([], ["https://shop.example"], nil, "shop.example"),
      ([], ["https://shop.example:8443"], "shop.example", "shop.example"),
      (["Shop.example:8080"], ["https://shop.example"], "shop.example", "shop.example"),
      (["id.example"], ["https://shop.example"], nil, "shop.example"),
      (["ID.example:443"], [], "shop.example", "shop.example"), (["id.example"], [], nil, nil),
      (["192.0.2.1"], [], nil, nil), ([], ["null"], nil, nil),
    ] as [([String], [String], String?, String?)])
  func resolution(
    _ hosts: [String], _ origins: [String], _ parameter: String?, _ domain: String?
  ) throws {
    #expect(try Self.domain(hosts, origins, parameter) == domain)
  }

  @Test(
    "contradictions and what cannot be read are refused",
    arguments: [
      ([], ["https://a.example"], "b.example"), (["a.example"], ["https://b.example"], nil),
      (["a.example"], [], "b.example"), ([], ["null"], "a.example"),
      (["a.example"], ["null"], "a.example"), (["192.0.2.1"], ["https://a.example"], nil),
      (["id.example"], ["https://a.example"], "b.example"), (["a.example, b.example"], [], nil),
      (["a.example", "a.example"], [], nil), ([""], [], nil), (["a.example:x"], [], nil),
      ([], ["https://a.example", "https://a.example"], nil), ([], [], "a.example:443"),
      ([], [], "192.0.2.1"), ([], [], "a.example."), ([], [], "https://a.example"),
    ] as [([String], [String], String?)])
  func refusals(_ hosts: [String], _ origins: [String], _ parameter: String?) {
    #expect(throws: OAuthError.self) { try Self.domain(hosts, origins, parameter) }
  }

  @Test("an issuer at an address says nothing either")
  func ownAddress() throws {
    #expect(
      try Self.domain(["127.0.0.1:8080"], ["https://a.example"], nil, own: "127.0.0.1")
        == "a.example")
    #expect(try Self.domain(["[::1]:8080"], ["https://a.example"], nil, own: "::1") == "a.example")
  }
}
