internal import Glibc

/// An IPv4 or IPv6 address. An IPv4 address that came to an IPv6 socket (RFC 4291, section
/// 2.5.5.2) is the IPv4 address.
package struct NetworkAddress: Sendable, Hashable {
  /// The sixteen octets, big-endian; IPv4 in its mapped form.
  private let high: UInt64
  private let low: UInt64

  /// Takes the numeric form, such as `192.0.2.1` or `2001:db8::1`.
  package init?(_ text: some StringProtocol) {
    var four = in_addr()
    var six = in6_addr()
    if unsafe inet_pton(AF_INET, String(text), &four) == 1 {
      self.init(four)
    } else if unsafe inet_pton(AF_INET6, String(text), &six) == 1 {
      self.init(six)
    } else {
      return nil
    }
  }

  init(_ address: in_addr) {
    high = 0
    low = 0xFFFF_0000_0000 | UInt64(UInt32(bigEndian: address.s_addr))
  }

  init(_ address: in6_addr) {
    (high, low) = unsafe withUnsafeBytes(of: address) { octets in
      unsafe (
        UInt64(bigEndian: octets.load(as: UInt64.self)),
        UInt64(bigEndian: octets.load(fromByteOffset: 8, as: UInt64.self))
      )
    }
  }

  package var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }

  /// 127.0.0.0/8, or ::1.
  package var isLoopback: Bool { isIPv4 ? low >> 24 & 0xFF == 127 : high == 0 && low == 1 }

  var four: in_addr { in_addr(s_addr: UInt32(truncatingIfNeeded: low).bigEndian) }

  var six: in6_addr {
    var address = in6_addr()
    unsafe withUnsafeMutableBytes(of: &address) { octets in
      unsafe octets.storeBytes(of: high.bigEndian, as: UInt64.self)
      unsafe octets.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
    }
    return address
  }

  /// Whether the first bits are those of the other, counted from the start of the mapped form.
  func matches(_ other: NetworkAddress, bits: Int) -> Bool {
    let highMask: UInt64 = bits >= 64 ? .max : ~(.max >> UInt64(bits))
    let lowMask: UInt64 = bits <= 64 ? 0 : ~(.max >> UInt64(bits - 64))
    return (high ^ other.high) & highMask == 0 && (low ^ other.low) & lowMask == 0
  }
}

extension NetworkAddress: CustomStringConvertible {
  /// The numeric form, IPv6 as in RFC 5952.
  package var description: String {
    var text = [UInt8](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let (family, four, six) = (isIPv4 ? AF_INET : AF_INET6, four, six)
    unsafe text.withUnsafeMutableBytes { text in
      let characters = unsafe text.baseAddress?.assumingMemoryBound(to: CChar.self)
      let size = socklen_t(INET6_ADDRSTRLEN)
      if family == AF_INET {
        unsafe withUnsafeBytes(of: four) {
          _ = unsafe inet_ntop(family, $0.baseAddress, characters, size)
        }
      } else {
        unsafe withUnsafeBytes(of: six) {
          _ = unsafe inet_ntop(family, $0.baseAddress, characters, size)
        }
      }
    }
    return String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
  }
}

/// A block of addresses in CIDR notation (RFC 4632), such as `10.0.0.0/8` or `2001:db8::/32`.
package struct Network: Sendable, Hashable {
  private let base: NetworkAddress
  private let bits: Int

  /// Nil for anything else; an address without a length is a block of one. Bits beyond the length
  /// must be zero: a typing error should not widen a block.
  package init?(_ text: some StringProtocol) {
    let halves = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let base = NetworkAddress(halves[0]) else { return nil }
    let width = base.isIPv4 ? 32 : 128
    guard halves.count == 2 else {
      self.init(base, 128)
      return
    }
    guard halves[1].allSatisfy(\.isASCIIDigit), let length = Int(halves[1]), length <= width
    else { return nil }
    self.init(base, 128 - width + length)
    guard base.hasOnlyZeros(from: bits) else { return nil }
  }

  private init(_ base: NetworkAddress, _ bits: Int) {
    self.base = base
    self.bits = bits
  }

  /// An IPv4 address is in no block of IPv6, not even in `::/0`.
  package func contains(_ address: NetworkAddress) -> Bool {
    base.isIPv4 == address.isIPv4 && base.matches(address, bits: bits)
  }
}

extension Character {
  /// Numbers are taken in digits alone; Swift would take a sign as well.
  var isASCIIDigit: Bool { isASCII && isWholeNumber }
}

extension NetworkAddress {
  fileprivate func hasOnlyZeros(from bits: Int) -> Bool {
    let highRest: UInt64 = bits >= 64 ? 0 : .max >> UInt64(bits)
    let lowRest: UInt64 = bits >= 128 ? 0 : bits <= 64 ? .max : .max >> UInt64(bits - 64)
    return high & highRest == 0 && low & lowRest == 0
  }
}
