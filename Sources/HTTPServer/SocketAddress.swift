internal import CLinux
internal import Glibc
internal import Networks

/// An address in the system's form.
struct SocketAddress {
  private var storage = sockaddr_storage()
  private var length: socklen_t

  var family: Int32 { Int32(storage.ss_family) }

  init(_ storage: sockaddr_storage) {
    self.storage = storage
    length = socklen_t(MemoryLayout<sockaddr_storage>.size)
  }

  init(_ host: NetworkAddress, _ port: UInt16) {
    if host.isIPv4 {
      let address = sockaddr_in(
        sin_family: sa_family_t(AF_INET), sin_port: port.bigEndian, sin_addr: host.four,
        sin_zero: (0, 0, 0, 0, 0, 0, 0, 0))
      length = socklen_t(MemoryLayout<sockaddr_in>.size)
      store(address)
    } else {
      let address = sockaddr_in6(
        sin6_family: sa_family_t(AF_INET6), sin6_port: port.bigEndian, sin6_flowinfo: 0,
        sin6_addr: host.six, sin6_scope_id: 0)
      length = socklen_t(MemoryLayout<sockaddr_in6>.size)
      store(address)
    }
  }

  /// A path of at most ``ListenAddress/maximumPath`` bytes.
  init(path: String) {
    length = socklen_t(MemoryLayout<sockaddr_un>.size)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
    store(address)
  }

  init(boundTo descriptor: Int32) {
    length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    var length = length
    unsafe withUnsafeMutableBytes(of: &storage) { bytes in
      let address = unsafe bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self)
      _ = unsafe getsockname(descriptor, address, &length)
    }
  }

  func bind(_ descriptor: Int32) -> Bool {
    unsafe withAddress { unsafe Glibc.bind(descriptor, $0, length) } == 0
  }

  /// False, with `errno`, when nobody listens there.
  func connect(_ descriptor: Int32) -> Bool {
    unsafe withAddress { unsafe Glibc.connect(descriptor, $0, length) } == 0
  }

  var peer: Peer {
    switch listenAddress {
    case .internet(let address, _): .internet(address)
    case .unix, .inherited: .unix
    }
  }

  var listenAddress: ListenAddress {
    switch family {
    case AF_INET:
      let address = load(sockaddr_in.self)
      return .internet(
        NetworkAddress(address.sin_addr), port: UInt16(bigEndian: address.sin_port))
    case AF_INET6:
      let address = load(sockaddr_in6.self)
      return .internet(
        NetworkAddress(address.sin6_addr), port: UInt16(bigEndian: address.sin6_port))
    default:
      return .unix(path: path)
    }
  }

  private var path: String {
    let address = load(sockaddr_un.self)
    return unsafe withUnsafeBytes(of: address.sun_path) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  private mutating func store<Address>(_ address: Address) {
    unsafe withUnsafeMutableBytes(of: &storage) {
      unsafe $0.storeBytes(of: address, as: Address.self)
    }
  }

  private func load<Address>(_ type: Address.Type) -> Address {
    unsafe withUnsafeBytes(of: storage) { unsafe $0.load(as: type) }
  }

  private func withAddress(_ body: (UnsafePointer<sockaddr>?) -> Int32) -> Int32 {
    unsafe withUnsafeBytes(of: storage) { bytes in
      unsafe body(bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self))
    }
  }
}
