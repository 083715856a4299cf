import CanonicalJSON
import Cryptography
import Foundation
import HTTPServer

/// What becomes a line of the server's log.
///
/// - Parameter requests: whether every answered request does.
func serverLog(requests: Bool) -> @Sendable (LogRecord) -> Void {
  { record in
    switch record.event {
    case .clientLeft: break
    case .answered(let method, let path, _, let microseconds):
      guard requests else { break }
      record.log(
        "info", "request",
        [
          .init("method", .string(method)), .init("microseconds", .integer(Int64(microseconds))),
          .init("path", .string(String(path.prefix(1_024)))),
        ] + record.certificate)
    case .refused(let refusal): record.log("info", refusal.rawValue)
    case .handshakeFailed(let reason):
      record.log("info", "No TLS connection came about.", [.init("reason", .string(reason))])
    case .writeStalled:
      record.log("warning", "The client took nothing of its answer for too long; it was cut off.")
    case .streamFailed(let reason):
      record.log("warning", "The answer could not be read on.", [.init("reason", .string(reason))])
    case .invalidResponse: record.log("warning", "The answer could not be sent.")
    case .acceptFailed(let code):
      let reason = unsafe String(cString: strerror(code))
      record.log("warning", "Connections have to wait.", [.init("reason", .string(reason))])
    case .cutByDrain: record.log("warning", "The server ended before the answer was sent.")
    }
  }
}

extension LogRecord {
  /// A line with what there is of peer, request and status.
  fileprivate func log(_ level: String, _ message: String, _ more: [JSON.Member] = []) {
    var members = more
    if !peer.isEmpty { members.append(.init("peer", .string(peer))) }
    if let requestID { members.append(.init("request_id", .string(requestID))) }
    if let status { members.append(.init("status", .integer(Int64(status)))) }
    Terminal.log(level, message, members)
  }

  /// The thumbprint `x5t#S256` (RFC 8705, section 3.1), if a certificate was shown.
  fileprivate var certificate: [JSON.Member] {
    guard let clientCertificate else { return [] }
    let thumbprint = Base64URL.encode(SHA256.hash(clientCertificate).bytes)
    return [.init("certificate", .string(thumbprint))]
  }
}
