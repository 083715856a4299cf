import HTTPServer

extension Request {
  /// Whether the body is of a media type, whatever its parameters (RFC 9110 §8.3.1).
  func hasMediaType(_ type: String) -> Bool {
    guard let value = header("content-type") else { return false }
    if value == type { return true }
    var named = value.prefix { $0 != ";" }
    while named.last?.isWhitespace == true { named.removeLast() }
    return named.lowercased() == type
  }
}
