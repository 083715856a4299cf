/// Why the server itself refused a request, or gave up on it. The raw value is a sentence
/// for people: it is the `title` of the answer and never repeats what the client sent.
package enum Refusal: String, Sendable, Error, CaseIterable {
  case malformedRequestLine = "The request line is malformed."
  case invalidTarget = "The request target is not a path of printable ASCII characters."
  case unsupportedVersion = "Only HTTP/1.0 and HTTP/1.1 are spoken here."
  case bareLineFeed = "A line does not end with CR LF."
  case bareCarriageReturn = "A carriage return is not followed by a line feed."
  case foldedHeader = "A header continues on the next line."
  case spaceBeforeColon = "A header name is followed by white space."
  case invalidHeaderName = "A header name is not a token."
  case invalidHeaderValue = "A header value holds a control character."
  case missingHost = "The Host header is missing."
  case invalidHost = "The Host header is empty, repeated or not a host."
  case invalidContentLength = "Content-Length is repeated or not a number."
  case invalidTransferEncoding = "Transfer-Encoding is repeated, or not exactly chunked."
  case ambiguousLength = "Content-Length and Transfer-Encoding contradict each other."
  case invalidChunk = "The chunked body is malformed."
  case unknownExpectation = "Only the expectation 100-continue is known here."
  case headTooLarge = "The request line and headers are too large."
  case tooManyHeaders = "There are too many headers."
  case bodyTooLarge = "The body is too large."
  case headTimeout = "The request line and headers took too long."
  case bodyTimeout = "The body took too long."
  case invalidForwardedFor = "X-Forwarded-For holds something that is not an address."
  case plainFromStranger = "Plain HTTP is spoken with trusted proxies alone here."
  case tooManyConnections = "There are too many connections."

  /// The status that the client is answered with.
  package var status: Int {
    switch self {
    case .unsupportedVersion: 505
    case .unknownExpectation: 417
    case .headTooLarge, .tooManyHeaders: 431
    case .bodyTooLarge: 413
    case .headTimeout, .bodyTimeout: 408
    case .tooManyConnections: 503
    case .plainFromStranger: 403
    default: 400
    }
  }

  var response: Response { .problem(status: status, title: rawValue) }
}

extension Response {
  /// An RFC 9457 problem document; the title must need no JSON escapes.
  static func problem(status: Int, title: String) -> Response {
    var headers = [(name: "Content-Type", value: "application/problem+json")]
    if status == 503 { headers.append((name: "Retry-After", value: "1")) }
    let document = "{\"status\":\(status),\"title\":\"\(title)\"}"
    return Response(status: status, headers: headers, body: .bytes(Array(document.utf8)))
  }
}
