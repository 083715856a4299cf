import Foundation

/// The service manager that started the process, if one did.
enum ServiceManager {
  /// Tells it a state such as `READY=1`, as sd_notify(3) does: one datagram to the socket that
  /// NOTIFY_SOCKET names. Nobody to tell is no error.
  static func notify(_ state: String) {
    guard let path = ProcessInfo.processInfo.environment["NOTIFY_SOCKET"],
      path.utf8.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path)
    else { return }
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var (address, length) = socketAddress(path)
    _ = unsafe withUnsafeBytes(of: &address) { bytes in
      unsafe sendto(
        descriptor, state, state.utf8.count, Int32(MSG_NOSIGNAL),
        bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), length)
    }
  }

  /// A path that begins with `@` names a socket of the abstract kind.
  private static func socketAddress(_ path: String) -> (sockaddr_un, socklen_t) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var name = Array(path.utf8)
    if name.first == UInt8(ascii: "@") { name[0] = 0 }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
    let start = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
    return (address, socklen_t(start + name.count))
  }
}
