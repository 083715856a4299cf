/// A block of addresses in CIDR notation (RFC 4632), such as `10.0.0.0/8` or `2001:db8::/32`.
package struct Network: Sendable, Hashable {
  private let base: NetworkAddress
  /// Counted from the start of the mapped form.
  private let bits: Int

  /// Nil for anything else; an address without a length is a block of one. Bits beyond the length
  /// must be zero: a typing error should not widen a block.
  package init?(_ text: some StringProtocol) {
    let halves = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let base = NetworkAddress(halves[0]) else { return nil }
    self.init(base, 128)
    guard halves.count == 2 else { return }
    guard halves[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let length = Int(halves[1]),
      length <= base.width
    else { return nil }
    self.init(base, 128 - base.width + length)
    guard base.masked(to: bits) == base else { return nil }
  }

  /// The block of a length that an address is in.
  ///
  /// - Parameter length: bits, 0 to 32 for an IPv4 address, to 128 for another.
  package init(of address: NetworkAddress, length: Int) {
    let bits = 128 - address.width + length
    self.init(address.masked(to: bits), bits)
  }

  private init(_ base: NetworkAddress, _ bits: Int) {
    self.base = base
    self.bits = bits
  }

  /// Whether one holds the other.
  package func overlaps(_ other: Network) -> Bool {
    let bits = min(bits, other.bits)
    return base.isIPv4 == other.base.isIPv4
      && base.masked(to: bits) == other.base.masked(to: bits)
  }

  /// An IPv4 address is in no block of IPv6, not even in `::/0`.
  package func contains(_ address: NetworkAddress) -> Bool {
    base.isIPv4 == address.isIPv4 && address.masked(to: bits) == base
  }
}

extension Network: CustomStringConvertible {
  /// The one form of a block: the address in its numeric form, a slash, the length.
  package var description: String { "\(base)/\(bits - 128 + base.width)" }
}

extension NetworkAddress {
  /// Bits of an address.
  fileprivate var width: Int { isIPv4 ? 32 : 128 }

  /// The address with zeros behind so many bits of the mapped form.
  fileprivate func masked(to bits: Int) -> NetworkAddress {
    NetworkAddress(
      high: bits >= 64 ? high : high & ~(.max >> UInt64(bits)),
      low: bits <= 64 ? 0 : bits >= 128 ? low : low & ~(.max >> UInt64(bits - 64)))
  }
}
