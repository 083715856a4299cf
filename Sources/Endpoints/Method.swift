/// What a request asks of a path (RFC 9110 §9).
enum Method: String, CaseIterable {
  case get = "GET"
  case post = "POST"
  case patch = "PATCH"
  case delete = "DELETE"

  /// HEAD is a GET whose answer has no body. Nil for methods that no path takes.
  init?(_ name: String) {
    self.init(rawValue: name == "HEAD" ? "GET" : name)
  }
}
