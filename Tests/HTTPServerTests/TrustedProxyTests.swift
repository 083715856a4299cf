import Networks
import Testing

@testable import HTTPServer

@Suite struct TrustedProxyTests {
  static let proxies = TrustedProxies(
    networks: [Network("10.0.0.0/8")!, Network("2001:db8:1::/48")!])

  @Test(
    "the client is the rightmost hop that is no proxy of ours",
    arguments: [
      (["198.51.100.1"], "198.51.100.1"),
      (["6.6.6.6, 198.51.100.1, 10.0.0.2"], "198.51.100.1"),
      (["6.6.6.6", "198.51.100.1 ,\t10.0.0.2", "10.0.0.3"], "198.51.100.1"),
      (["10.0.0.9, 10.0.0.8"], "10.0.0.9"),
      (["not an address, 198.51.100.1"], "198.51.100.1"),
      (["198.51.100.1:4711, 10.0.0.2:80"], "198.51.100.1"),
      (["[2001:db8::5]:4711, [2001:db8:1::1]"], "2001:db8::5"),
      (["2001:db8::5"], "2001:db8::5"),
    ])
  func forwardedFor(_ values: [String], _ client: String) throws {
    #expect(try Self.proxies.client(values) == NetworkAddress(client))
  }

  @Test func nobodyIsForwarded() throws { #expect(try Self.proxies.client([]) == nil) }

  @Test(arguments: [
    "", "unknown", "198.51.100.1,", "198.51.100.1:x", "198.51.100.1:+80", "[198.51.100.1]",
    "198.51.100.1:", "1.2.3", "[::1",
    "198.51.100.1, _hidden, 10.0.0.1", "2001:db8::5:70000", "[198.51.100.1]:80:80", "1.2.3.4 5",
  ])
  func hopsThatAreNoAddresses(_ value: String) {
    #expect(throws: Refusal.invalidForwardedFor) { try Self.proxies.client([value]) }
  }

  @Test(
    "an id of a proxy is taken over when it is one",
    arguments: [
      ("a-B_9.x", true), (String(repeating: "a", count: 64), true), ("", false),
      (String(repeating: "a", count: 65), false), ("a b", false), ("ä", false), ("a\"", false),
    ])
  func requestIDs(_ text: String, _ isTaken: Bool) { #expect(text.isRequestID == isTaken) }
}
