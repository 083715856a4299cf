/// What a request is answered with.
package struct Response: Sendable {
  /// 200…599.
  package var status: Int
  /// In the order sent. `Content-Length`, `Transfer-Encoding`, `Date`, `Connection` and
  /// `X-Request-Id` are the server's own: given here they are left out. A name that is not a token,
  /// or a value with a control character, makes the whole answer a 500.
  package var headers: [(name: String, value: String)]
  /// Not sent to HEAD (its length is) and with the statuses 204 and 304.
  package var body: Body

  package enum Body: Sendable {
    case none
    case bytes([UInt8])
    case stream(any BodyStream)
  }

  package init(
    status: Int, headers: [(name: String, value: String)] = [], body: Body = .none
  ) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  func cancelStream() {
    if case .stream(let stream) = body { stream.cancel() }
  }
}

/// A body that is made while it is sent. Pulled on the loop's thread, only when the socket has
/// drained what came before; sent with chunked coding, or until close to HTTP/1.0.
package protocol BodyStream: AnyObject, Sendable {
  /// The next part, best some tens of KiB; nil ends the body. What it throws resets the
  /// connection, so that the client cannot take a part for the whole.
  func next() throws -> [UInt8]?

  /// Called once, on the loop's thread, if the body is not wanted to its end: the client went
  /// away, asked for the head alone, or was cut off. Never after `next` gave nil or threw.
  func cancel()
}
