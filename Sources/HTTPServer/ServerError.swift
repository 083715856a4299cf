internal import CLinux
internal import Glibc

/// Why a server could not start.
package struct ServerError: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Code: Sendable {
    /// There can be no socket at that address.
    case invalidAddress
    /// The address is not a loopback address, and plain HTTP stays on loopback unless there are
    /// trusted proxies.
    case notLoopback
    /// A certificate, key or authority cannot be used.
    case tls
    /// A number of the configuration is out of range.
    case invalidConfiguration
    /// The system refused a call.
    case system
    /// `makeHandler` threw.
    case handler
  }

  package let code: Code
  /// A sentence that says what failed and what to do about it.
  package let description: String

  /// Errors are equal when their codes are, so that tests can build the expected one.
  package static func == (left: ServerError, right: ServerError) -> Bool {
    left.code == right.code
  }

  /// The failure that `errno` tells of, right after the call.
  static func system(_ what: String) -> ServerError {
    let code = errno
    let reason = unsafe String(cString: strerror(code))
    return ServerError(code: .system, description: "Cannot \(what): \(reason).")
  }
}
