/// One thing that the server has to say. It never holds a query, a header or a body.
package struct LogRecord: Sendable {
  package enum Event: Sendable, Equatable {
    /// A request was answered by its handler; the time runs from the whole request to the
    /// answer.
    case answered(method: String, path: String, route: Int, microseconds: UInt64)
    /// The server refused a request, or a limit was hit.
    case refused(Refusal)
    /// The client and the server found no way to speak TLS, with OpenSSL's reason.
    case handshakeFailed(reason: String)
    /// The client went away before its request was whole or its answer was sent.
    case clientLeft
    /// The client took nothing of its answer for too long and was cut off.
    case writeStalled
    /// A ``BodyStream`` threw; the connection was reset.
    case streamFailed(reason: String)
    /// A handler's response cannot be sent: a status outside 200…599, or a header name or value
    /// that would break the head. The client got 500.
    case invalidResponse
    /// Connections cannot be accepted now, with the system's error number; accepting is paused
    /// for a moment.
    case acceptFailed(code: Int32)
    /// The deadline of a drain passed before the answer was sent.
    case cutByDrain
  }

  package let event: Event
  /// The numeric address of the client, or of the proxy that has not said yet for whom it
  /// speaks; `unix` for a Unix-domain socket; empty when there is no peer.
  package let peer: String
  /// The id of the request, as its answer bears it; nil outside a request.
  package let requestID: String?
  /// ``Request/clientCertificate`` of an answered request.
  package let clientCertificate: [UInt8]?
  /// The status that was sent, if one was.
  package let status: Int?
}
