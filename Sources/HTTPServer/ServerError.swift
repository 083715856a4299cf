internal import CLinux
internal import Glibc

/// Why a server could not start.
package struct ServerError: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Code: Sendable {
    /// The host is not a numeric IPv4 or IPv6 address.
    case invalidAddress
    /// The address is not a loopback address, and plain HTTP stays on loopback.
    case notLoopback
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
