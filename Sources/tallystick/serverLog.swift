import CanonicalJSON
import Cryptography
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
      var members: [JSON.Member] = [
        .init("method", .string(method)), .init("microseconds", .integer(Int64(microseconds))),
        .init("path", .string(path)),
      ]
      if let certificate = record.clientCertificate {
        // x5t#S256 of RFC 8705, section 3.1.
        let thumbprint = Base64URL.encode(SHA256.hash(certificate).bytes)
        members.append(.init("certificate", .string(thumbprint)))
      }
      Terminal.log("info", "request", members + record.members)
    case .refused(let refusal): Terminal.log("info", refusal.rawValue, record.members)
    case .handshakeFailed(let reason):
      Terminal.log(
        "info", "no TLS connection came about",
        [.init("reason", .string(reason))] + record.members)
    case .writeStalled, .streamFailed, .invalidResponse, .acceptFailed, .cutByDrain:
      Terminal.log("warning", "\(record.event)", record.members)
    }
  }
}

extension LogRecord {
  /// What every line about a connection says.
  fileprivate var members: [JSON.Member] {
    var members: [JSON.Member] = []
    if !peer.isEmpty { members.append(.init("peer", .string(peer))) }
    if let requestID { members.append(.init("request_id", .string(requestID))) }
    if let status { members.append(.init("status", .integer(Int64(status)))) }
    return members
  }
}
