internal import CLinux
internal import Glibc

/// A bound, listening socket on a loopback address. Whoever holds it closes it, once.
struct Listener: Sendable {
  let socket: Socket
  let port: UInt16

  enum Accepted {
    case connection(Socket, peer: String)
    case nothing
    /// With the system's error number; trying again at once would fail again.
    case failed(Int32)
  }

  static func open(host: String, port: UInt16) throws(ServerError) -> Listener {
    let address = try Address(loopback: host, port: port)
    let descriptor = linux_stream_socket(address.family)
    guard descriptor >= 0 else { throw .system("make a listening socket") }
    let socket = Socket(descriptor: descriptor)
    _ = linux_set_option(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
    // Inherited by every accepted connection.
    _ = linux_set_option(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
    guard address.bind(descriptor), listen(descriptor, 1024) == 0 else {
      let error = ServerError.system("listen on \(host) port \(port)")
      socket.close()
      throw error
    }
    return Listener(socket: socket, port: Address.boundPort(descriptor))
  }

  func accept() -> Accepted {
    while true {
      var peer = sockaddr_storage()
      let descriptor = unsafe linux_accept(socket.descriptor, &peer)
      if descriptor >= 0 {
        return .connection(Socket(descriptor: descriptor), peer: Address.text(peer))
      }
      switch errno {
      case EAGAIN: return .nothing
      case EINTR, ECONNABORTED: continue
      default: return .failed(errno)
      }
    }
  }
}

/// A socket address in the system's form.
struct Address {
  private var storage = sockaddr_storage()
  private let length: socklen_t
  let family: Int32

  /// Takes a numeric address of 127.0.0.0/8, or ::1.
  init(loopback host: String, port: UInt16) throws(ServerError) {
    var four = in_addr()
    var six = in6_addr()
    if unsafe inet_pton(AF_INET, host, &four) == 1 {
      guard UInt32(bigEndian: four.s_addr) >> 24 == 127 else { throw Address.notLoopback(host) }
      self.init(four, port)
    } else if unsafe inet_pton(AF_INET6, host, &six) == 1 {
      guard unsafe withUnsafeBytes(of: six, { unsafe $0.elementsEqual(Address.loopback6) }) else {
        throw Address.notLoopback(host)
      }
      self.init(six, port)
    } else {
      throw ServerError(
        code: .invalidAddress,
        description: "'\(host)' is not a numeric address; use one such as 127.0.0.1 or ::1.")
    }
  }

  private init(_ four: in_addr, _ port: UInt16) {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr = four
    family = AF_INET
    length = socklen_t(MemoryLayout<sockaddr_in>.size)
    unsafe withUnsafeMutableBytes(of: &storage) { bytes in
      unsafe bytes.storeBytes(of: address, as: sockaddr_in.self)
    }
  }

  private init(_ six: in6_addr, _ port: UInt16) {
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_port = port.bigEndian
    address.sin6_addr = six
    family = AF_INET6
    length = socklen_t(MemoryLayout<sockaddr_in6>.size)
    unsafe withUnsafeMutableBytes(of: &storage) { bytes in
      unsafe bytes.storeBytes(of: address, as: sockaddr_in6.self)
    }
  }

  func bind(_ descriptor: Int32) -> Bool {
    unsafe withUnsafeBytes(of: storage) { bytes in
      let address = unsafe bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self)
      return unsafe Glibc.bind(descriptor, address, length) == 0
    }
  }

  static func boundPort(_ descriptor: Int32) -> UInt16 {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return unsafe withUnsafeMutableBytes(of: &storage) { bytes in
      let address = unsafe bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self)
      _ = unsafe getsockname(descriptor, address, &length)
      // The port is at the same place in both families.
      return unsafe UInt16(bigEndian: bytes.load(fromByteOffset: 2, as: UInt16.self))
    }
  }

  /// The numeric address without the port.
  static func text(_ storage: sockaddr_storage) -> String {
    let family = Int32(storage.ss_family)
    var text = [UInt8](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    unsafe withUnsafeBytes(of: storage) { bytes in
      let address = unsafe bytes.baseAddress?.advanced(by: family == AF_INET ? 4 : 8)
      unsafe text.withUnsafeMutableBytes { text in
        let characters = unsafe text.baseAddress?.assumingMemoryBound(to: CChar.self)
        _ = unsafe inet_ntop(family, address, characters, socklen_t(text.count))
      }
    }
    return String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
  }

  private static let loopback6 = [UInt8](repeating: 0, count: 15) + [1]

  private static func notLoopback(_ host: String) -> ServerError {
    ServerError(
      code: .notLoopback,
      description: "\(host) is not a loopback address, and plain HTTP is served on loopback only;"
        + " listen on 127.0.0.1 or ::1, behind a proxy that speaks TLS.")
  }
}
