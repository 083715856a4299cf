package import Glibc

/// An IPv4 or IPv6 address. An IPv4 address that came to an IPv6 socket (RFC 4291, section
/// 2.5.5.2) is the IPv4 address.
package struct NetworkAddress: Sendable, Hashable {
  /// The sixteen octets, big-endian; IPv4 in its mapped form.
  let high: UInt64
  let low: UInt64

  /// Takes the numeric form, such as `192.0.2.1` or `2001:db8::1`.
  package init?(_ text: some StringProtocol) {
    // C would take what stands before a NUL for the whole.
    guard !text.utf8.contains(0) else { return nil }
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

  package init(_ address: in_addr) {
    high = 0
    low = 0xFFFF_0000_0000 | UInt64(UInt32(bigEndian: address.s_addr))
  }

  package init(_ address: in6_addr) {
    (high, low) = unsafe withUnsafeBytes(of: address) { octets in
      unsafe (
        UInt64(bigEndian: octets.load(as: UInt64.self)),
        UInt64(bigEndian: octets.load(fromByteOffset: 8, as: UInt64.self))
      )
    }
  }

  init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

  package var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }

  /// 127.0.0.0/8, or ::1.
  package var isLoopback: Bool { isIPv4 ? low >> 24 & 0xFF == 127 : high == 0 && low == 1 }

  package var four: in_addr { in_addr(s_addr: UInt32(truncatingIfNeeded: low).bigEndian) }

  package var six: in6_addr {
    var address = in6_addr()
    unsafe withUnsafeMutableBytes(of: &address) { octets in
      unsafe octets.storeBytes(of: high.bigEndian, as: UInt64.self)
      unsafe octets.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
    }
    return address
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
