import Testing

@testable import HTTPServer

@Suite struct NetworkTests {
  @Test(arguments: [
    ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("::1", "::1"),
    ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"), ("0.0.0.0", "0.0.0.0"),
  ])
  func addressesHaveOneForm(_ text: String, _ form: String) throws {
    #expect(try #require(NetworkAddress(text)).description == form)
  }

  @Test(arguments: [
    ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.0", false),
    ("10.1.2.3", "10.1.2.3", true), ("10.1.2.3", "10.1.2.2", false),
    ("0.0.0.0/0", "255.255.255.255", true), ("0.0.0.0/0", "2001:db8::1", false),
    ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::", false),
    ("2001:db8::/65", "2001:db8:0:0:7fff::", true), ("2001:db8::/65", "2001:db8:0:0:8000::", false),
    ("::/0", "10.0.0.1", false), ("::/0", "2001:db8::1", true),
    ("::ffff:10.0.0.0", "10.0.0.0", true),
    ("192.0.2.128/25", "192.0.2.127", false), ("192.0.2.128/25", "192.0.2.129", true),
  ])
  func blocks(_ block: String, _ address: String, _ isInside: Bool) throws {
    let network = try #require(Network(block))
    #expect(network.contains(try #require(NetworkAddress(address))) == isInside)
  }

  @Test(arguments: [
    "", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/", "10.0.0.1/8", "2001:db8::/129",
    "10.0.0/8",
    "2001:db8::1/64", "localhost", "10.0.0.0/8/8", "10.0.0.0/ 8",
  ])
  func whatIsNoBlock(_ text: String) { #expect(Network(text) == nil) }

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
