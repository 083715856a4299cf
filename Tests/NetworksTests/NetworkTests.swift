import Networks
import Testing

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
    ("10.0.0.0/8", "10.1.0.0/16", true), ("10.0.0.0/8", "11.0.0.0/8", false),
    ("10.1.2.3", "10.1.2.3", true), ("10.1.2.3", "10.1.2.2", false),
    ("0.0.0.0/0", "::/0", false), ("2001:db8::/32", "2001:db8:1:2::/64", true),
    ("2001:db8:1:3::/64", "2001:db8:1:2::/64", false), ("::/0", "::1", true),
  ])
  func overlaps(_ one: String, _ other: String, _ overlap: Bool) throws {
    let (one, other) = (try #require(Network(one)), try #require(Network(other)))
    #expect(one.overlaps(other) == overlap)
    #expect(other.overlaps(one) == overlap)
  }

  @Test(arguments: [
    "", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/", "10.0.0.1/8", "2001:db8::/129",
    "10.0.0/8", "10.0.0.0\u{0}/8", "10.0.0.0/8\u{0}", "10.0.0.0/8 ", "::ffff:10.0.0.0/104",
    "010.0.0.0/8",
    "2001:db8::1/64", "localhost", "10.0.0.0/8/8", "10.0.0.0/ 8",
  ])
  func whatIsNoBlock(_ text: String) { #expect(Network(text) == nil) }

  @Test(
    "an address is in one block of each length",
    arguments: [
      ("192.0.2.129", 24, "192.0.2.0/24"), ("192.0.2.129", 32, "192.0.2.129/32"),
      ("192.0.2.129", 0, "0.0.0.0/0"), ("::ffff:192.0.2.129", 25, "192.0.2.128/25"),
      ("2001:db8:1:2:3::4", 64, "2001:db8:1:2::/64"), ("2001:db8::1", 0, "::/0"),
      ("2001:db8::1", 128, "2001:db8::1/128"),
    ])
  func blockOf(_ address: String, _ length: Int, _ block: String) throws {
    let address = try #require(NetworkAddress(address))
    let network = Network(of: address, length: length)
    #expect(network.description == block)
    #expect(network == Network(block))
    #expect(network.contains(address))
  }

  @Test(
    "blocks and the addresses at their edges, as Python's ipaddress knows them",
    arguments: [
      ("0.0.0.0/0", "0.0.0.0", true),
      ("0.0.0.0/0", "255.255.255.255", true),
      ("128.0.0.0/1", "127.255.255.255", false),
      ("128.0.0.0/1", "128.0.0.0", true),
      ("128.0.0.0/1", "255.255.255.255", true),
      ("155.241.51.48/31", "155.241.51.47", false),
      ("155.241.51.48/31", "155.241.51.48", true),
      ("155.241.51.48/31", "155.241.51.49", true),
      ("155.241.51.48/31", "155.241.51.50", false),
      ("202.17.135.0/24", "202.17.134.255", false),
      ("202.17.135.0/24", "202.17.135.0", true),
      ("202.17.135.0/24", "202.17.135.255", true),
      ("202.17.135.0/24", "202.17.136.0", false),
      ("21.9.187.10/32", "21.9.187.10", true),
      ("21.9.187.10/32", "21.9.187.11", false),
      ("21.9.187.10/32", "21.9.187.9", false),
      ("44.0.0.0/7", "43.255.255.255", false),
      ("44.0.0.0/7", "44.0.0.0", true),
      ("44.0.0.0/7", "45.255.255.255", true),
      ("44.0.0.0/7", "46.0.0.0", false),
      ("71.0.0.0/8", "70.255.255.255", false),
      ("71.0.0.0/8", "71.0.0.0", true),
      ("71.0.0.0/8", "71.255.255.255", true),
      ("71.0.0.0/8", "72.0.0.0", false),
      ("8000::/1", "7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false),
      ("8000::/1", "8000::", true),
      ("8000::/1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true),
      ("80a1:54d8:5ed8:abcc:35c7:19c2::/96", "80a1:54d8:5ed8:abcc:35c7:19c1:ffff:ffff", false),
      ("80a1:54d8:5ed8:abcc:35c7:19c2::/96", "80a1:54d8:5ed8:abcc:35c7:19c2::", true),
      ("80a1:54d8:5ed8:abcc:35c7:19c2::/96", "80a1:54d8:5ed8:abcc:35c7:19c2:ffff:ffff", true),
      ("80a1:54d8:5ed8:abcc:35c7:19c2::/96", "80a1:54d8:5ed8:abcc:35c7:19c3::", false),
      ("89.0.0.0/9", "88.255.255.255", false),
      ("89.0.0.0/9", "89.0.0.0", true),
      ("89.0.0.0/9", "89.127.255.255", true),
      ("89.0.0.0/9", "89.128.0.0", false),
      ("942c:8364:7806:8577::/64", "942c:8364:7806:8576:ffff:ffff:ffff:ffff", false),
      ("942c:8364:7806:8577::/64", "942c:8364:7806:8577::", true),
      ("942c:8364:7806:8577::/64", "942c:8364:7806:8577:ffff:ffff:ffff:ffff", true),
      ("942c:8364:7806:8577::/64", "942c:8364:7806:8578::", false),
      ("9a1e:40b4:5815::/48", "9a1e:40b4:5814:ffff:ffff:ffff:ffff:ffff", false),
      ("9a1e:40b4:5815::/48", "9a1e:40b4:5815::", true),
      ("9a1e:40b4:5815::/48", "9a1e:40b4:5815:ffff:ffff:ffff:ffff:ffff", true),
      ("9a1e:40b4:5815::/48", "9a1e:40b4:5816::", false),
      ("bb04:1641:1788:54f2::/65", "bb04:1641:1788:54f1:ffff:ffff:ffff:ffff", false),
      ("bb04:1641:1788:54f2::/65", "bb04:1641:1788:54f2:7fff:ffff:ffff:ffff", true),
      ("bb04:1641:1788:54f2::/65", "bb04:1641:1788:54f2:8000::", false),
      ("bb04:1641:1788:54f2::/65", "bb04:1641:1788:54f2::", true),
      (
        "c029:103:855d:bf55:59ec:8712:e8e3:574e/127", "c029:103:855d:bf55:59ec:8712:e8e3:574d",
        false
      ),
      (
        "c029:103:855d:bf55:59ec:8712:e8e3:574e/127", "c029:103:855d:bf55:59ec:8712:e8e3:574e", true
      ),
      (
        "c029:103:855d:bf55:59ec:8712:e8e3:574e/127", "c029:103:855d:bf55:59ec:8712:e8e3:574f", true
      ),
      (
        "c029:103:855d:bf55:59ec:8712:e8e3:574e/127", "c029:103:855d:bf55:59ec:8712:e8e3:5750",
        false
      ),
      ("d9ba:1b0c::/31", "d9ba:1b0b:ffff:ffff:ffff:ffff:ffff:ffff", false),
      ("d9ba:1b0c::/31", "d9ba:1b0c::", true),
      ("d9ba:1b0c::/31", "d9ba:1b0d:ffff:ffff:ffff:ffff:ffff:ffff", true),
      ("d9ba:1b0c::/31", "d9ba:1b0e::", false),
      ("dd32:fe61::/32", "dd32:fe60:ffff:ffff:ffff:ffff:ffff:ffff", false),
      ("dd32:fe61::/32", "dd32:fe61::", true),
      ("dd32:fe61::/32", "dd32:fe61:ffff:ffff:ffff:ffff:ffff:ffff", true),
      ("dd32:fe61::/32", "dd32:fe62::", false),
      ("e8b4:aef7:3eaa:be16::/63", "e8b4:aef7:3eaa:be15:ffff:ffff:ffff:ffff", false),
      ("e8b4:aef7:3eaa:be16::/63", "e8b4:aef7:3eaa:be16::", true),
      ("e8b4:aef7:3eaa:be16::/63", "e8b4:aef7:3eaa:be17:ffff:ffff:ffff:ffff", true),
      ("e8b4:aef7:3eaa:be16::/63", "e8b4:aef7:3eaa:be18::", false),
      (
        "ee70:4245:a4ff:91e3:e794:9b80:dcb0:b82e/128", "ee70:4245:a4ff:91e3:e794:9b80:dcb0:b82d",
        false
      ),
      (
        "ee70:4245:a4ff:91e3:e794:9b80:dcb0:b82e/128", "ee70:4245:a4ff:91e3:e794:9b80:dcb0:b82e",
        true
      ),
      (
        "ee70:4245:a4ff:91e3:e794:9b80:dcb0:b82e/128", "ee70:4245:a4ff:91e3:e794:9b80:dcb0:b82f",
        false
      ),
    ])
  func edges(_ block: String, _ address: String, _ isInside: Bool) throws {
    let network = try #require(Network(block))
    #expect(network.contains(try #require(NetworkAddress(address))) == isInside)
    #expect(network.description == block)
  }

  @Test(
    "a block has one form",
    arguments: [
      ("10.1.2.3", "10.1.2.3/32"), ("::ffff:10.0.0.0", "10.0.0.0/32"), ("0.0.0.0/0", "0.0.0.0/0"),
      ("2001:DB8:0:0::/32", "2001:db8::/32"), ("::1", "::1/128"), ("::/0", "::/0"),
    ])
  func oneForm(_ text: String, _ form: String) throws {
    #expect(try #require(Network(text)).description == form)
    #expect(Network(text) == Network(form))
  }
}
