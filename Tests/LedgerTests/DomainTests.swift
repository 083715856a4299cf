import Networks
import Testing

@testable import Ledger

@Suite("Domains")
struct DomainTests {
  @Test(
    "names",
    arguments: [
      "localhost", "shop.example", "a.b.c.d", "xn--bcher-kva.example", "1.example", "a--b.example",
      String(repeating: "a", count: 63) + ".example",
      Array(repeating: "a", count: 127).joined(separator: "."),
    ])
  func names(_ text: String) throws {
    #expect(try #require(DomainName(text)).text == text)
    #expect(DomainName(host: text.uppercased())?.text == text)
  }

  @Test(
    "what is no name",
    arguments: [
      "", ".", "shop.example.", ".example", "a..b", "-a.example", "a-.example", "a_b.example",
      "bücher.example", "shop.example:80", "192.0.2.1", "2001:db8::1", "[::1]", "127.1", "a.0x7f",
      "xn--", "a b", "a\u{0}", "a.example\n", "*.example", "\u{212A}.example", "null\u{301}",
      String(repeating: "a", count: 64) + ".example",
      Array(repeating: "a", count: 127).joined(separator: ".") + "b.",
      Array(repeating: "a", count: 128).joined(separator: "."),
    ])
  func noNames(_ text: String) {
    #expect(DomainName(text) == nil)
    #expect(DomainName(host: text) == nil)
  }

  @Test("a name in upper case is a host and no name")
  func upperCase() {
    #expect(DomainName("Shop.example") == nil)
    #expect(DomainName(host: "Shop.EXAMPLE") == DomainName("shop.example"))
  }

  private static let office = [Network("198.51.100.0/24")!, Network("2001:db8::/32")!]

  @Test(
    "terms refuse for the first of their reasons",
    arguments: [
      (DomainTerms(), "live", "203.0.113.7", nil),
      (DomainTerms(), "live", "unix", nil),
      (DomainTerms(active: false, mayAuthenticate: false, mode: .test), "live", "", .inactive),
      (DomainTerms(mayAuthenticate: false, mode: .test), "live", "", .authentication),
      (DomainTerms(mayCallAPI: false), "live", "", nil),
      (DomainTerms(mode: .test), "live", "203.0.113.7", .mode),
      (DomainTerms(mode: .test), "test", "203.0.113.7", nil),
      (DomainTerms(addresses: office, mode: .test), "live", "203.0.113.7", .mode),
      (DomainTerms(addresses: office), "live", "198.51.100.255", nil),
      (DomainTerms(addresses: office), "live", "2001:db8:ffff::1", nil),
      (DomainTerms(addresses: office), "live", "::ffff:198.51.100.1", nil),
      (DomainTerms(addresses: office), "live", "198.51.101.0", .address),
      (DomainTerms(addresses: office), "live", "2001:db9::", .address),
      (DomainTerms(addresses: office), "live", "unix", .address),
      (DomainTerms(addresses: office), "live", "", .address),
    ] as [(DomainTerms, String, String, DomainRefusal?)])
  func terms(
    _ terms: DomainTerms, _ mode: String, _ address: String, _ refusal: DomainRefusal?
  ) throws {
    let mode = try #require(ClientMetadata.Mode(rawValue: mode))
    #expect(terms.refusal(of: mode, from: address) == refusal)
  }

  @Test("a change holds what differs, and leads from the one to the other")
  func change() throws {
    let old = DomainTerms(active: false, addresses: Self.office, mode: .test)
    let new = DomainTerms(active: true, mayCallAPI: false, mode: .test)
    let name = try #require(DomainName("shop.example"))
    let changed = DomainChanged(name, from: old, to: new)
    #expect(changed.after.applied(to: old) == new)
    #expect(changed.before.applied(to: new) == old)
    #expect(changed.after.mode == nil && changed.after.mayAuthenticate == nil)
    #expect(changed.after.addresses == [] && changed.before.addresses == Self.office)
  }

  @Test("tokens from before a domain was made active, or of its other mode, stay void")
  func since() throws {
    let rule = DomainRule(domain: try #require(DomainName("a.example")), terms: DomainTerms())
    var domain = ProjectDomain(rule, since: 5)
    let steps: [(DomainTerms, Position)] = [
      (DomainTerms(mayAuthenticate: false), 5), (DomainTerms(active: false), 5),
      (DomainTerms(active: false, mayCallAPI: false), 5), (DomainTerms(), 13),
      (DomainTerms(addresses: Self.office), 13), (DomainTerms(mode: .test), 15),
      (DomainTerms(active: false, mode: .test), 15), (DomainTerms(active: false), 17),
    ]
    for (step, (terms, since)) in steps.enumerated() {
      domain = domain.changed(to: terms, at: 10 + Position(step))
      #expect(domain.since == since, "\(step)")
    }
  }
}
