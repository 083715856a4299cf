internal import CLinux
internal import Glibc
internal import Networks

/// A bound, listening socket. Whoever holds it closes it, once.
struct Listener: Sendable {
  let descriptor: Int32
  let address: ListenAddress
  /// The path that goes when the listener does.
  private let path: String?

  /// How many one server may have.
  static let maximumCount = 64

  enum Accepted {
    case connection(Int32, Peer)
    case nothing
    /// With the system's error number; trying again at once would fail again.
    case failed(Int32)
  }

  /// Opens what an address stands for: one socket, or as many as were inherited.
  static func open(_ address: ListenAddress) throws(ServerError) -> [Listener] {
    switch address {
    case .internet(let host, let port): [try internet(host, port)]
    case .unix(let path): [try unix(path)]
    case .inherited: try inherited()
    }
  }

  func accept() -> Accepted {
    while true {
      var peer = sockaddr_storage()
      let connection = unsafe linux_accept(descriptor, &peer)
      if connection >= 0 { return .connection(connection, SocketAddress(peer).peer) }
      switch errno {
      case EAGAIN: return .nothing
      case EINTR, ECONNABORTED: continue
      default: return .failed(errno)
      }
    }
  }

  func close() {
    if let path { _ = unsafe unlink(path) }
    _ = Glibc.close(descriptor)
  }

  private static func internet(
    _ host: NetworkAddress, _ port: UInt16
  ) throws(ServerError) -> Listener {
    let address = SocketAddress(host, port)
    let descriptor = try stream(address.family)
    _ = linux_set_option(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
    // Inherited by every accepted connection.
    _ = linux_set_option(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
    guard address.bind(descriptor), Glibc.listen(descriptor, backlog) == 0 else {
      let error = ServerError.system("listen on \(host) port \(port)")
      _ = Glibc.close(descriptor)
      throw error
    }
    return Listener(descriptor, path: nil)
  }

  private static func unix(_ path: String) throws(ServerError) -> Listener {
    let address = SocketAddress(path: path)
    try removeStale(path, address)
    let descriptor = try stream(AF_UNIX)
    // The mode is right before anybody can connect.
    guard address.bind(descriptor), unsafe chmod(path, 0o660) == 0,
      Glibc.listen(descriptor, backlog) == 0
    else {
      let error = ServerError.system("listen on \(path)")
      _ = Glibc.close(descriptor)
      _ = unsafe unlink(path)
      throw error
    }
    return Listener(descriptor, path: path)
  }

  /// A socket that nobody listens on any more is what an earlier server left behind.
  private static func removeStale(_ path: String, _ address: SocketAddress) throws(ServerError) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw ServerError(
        code: .invalidAddress, description: "\(path) exists and is not a socket.")
    }
    let probe = try stream(AF_UNIX)
    defer { _ = Glibc.close(probe) }
    guard !address.connect(probe), errno == ECONNREFUSED else {
      throw ServerError(code: .system, description: "Another server listens on \(path).")
    }
    _ = unsafe unlink(path)
  }

  /// The descriptors from 3 on, if they were meant for this process.
  private static func inherited() throws(ServerError) -> [Listener] {
    let count = environment("LISTEN_FDS") ?? 0
    guard environment("LISTEN_PID") == getpid(), (1...Int32(maximumCount)).contains(count) else {
      throw ServerError(
        code: .invalidAddress,
        description: "No sockets were handed over: LISTEN_PID and LISTEN_FDS do not say so.")
    }
    var listeners: [Listener] = []
    for descriptor in 3..<3 + count { listeners.append(try adopt(descriptor)) }
    return listeners
  }

  private static func environment(_ name: String) -> Int32? {
    unsafe getenv(name).flatMap { unsafe Int32(String(cString: $0)) }
  }

  private static func adopt(_ descriptor: Int32) throws(ServerError) -> Listener {
    guard linux_is_listening_stream(descriptor) == 1,
      [AF_INET, AF_INET6, AF_UNIX].contains(SocketAddress(boundTo: descriptor).family)
    else {
      throw ServerError(
        code: .invalidAddress,
        description: "The descriptor \(descriptor) that was handed over is no listening stream"
          + " of TCP or of the Unix domain.")
    }
    guard linux_set_nonblocking(descriptor) == 0 else {
      throw .system("use the socket that was handed over")
    }
    let listener = Listener(descriptor, path: nil)
    if case .internet = listener.address {
      _ = linux_set_option(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
    }
    return listener
  }

  private init(_ descriptor: Int32, path: String?) {
    self.descriptor = descriptor
    self.path = path
    address = SocketAddress(boundTo: descriptor).listenAddress
  }

  private static func stream(_ family: Int32) throws(ServerError) -> Int32 {
    let descriptor = linux_stream_socket(family)
    guard descriptor >= 0 else { throw .system("make a socket") }
    return descriptor
  }

  /// Connections that may wait to be accepted.
  private static let backlog: Int32 = 1_024
}
