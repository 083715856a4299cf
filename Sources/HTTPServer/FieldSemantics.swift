/// What the headers of one request say about the message itself; filled one field at a time.
struct FieldSemantics {
  private(set) var hasHost = false
  private(set) var closes = false
  private(set) var keepsAlive = false
  private(set) var expectsContinue = false
  private(set) var expectsUnknown = false
  private var contentLength: Int?
  private var isChunked = false

  /// - Throws: a refusal for any value that two readers could understand in two ways.
  mutating func take(_ field: Field, in span: Span<UInt8>) throws(Refusal) {
    let name = field.name
    switch name.count {
    case 4 where span.equals(name, lowercased: "host"):
      try takeHost(field.value, span)
    case 6 where span.equals(name, lowercased: "expect"):
      takeExpectation(field.value, span)
    case 10 where span.equals(name, lowercased: "connection"):
      takeConnection(field.value, span)
    case 14 where span.equals(name, lowercased: "content-length"):
      try takeContentLength(field.value, span)
    case 17 where span.equals(name, lowercased: "transfer-encoding"):
      guard !isChunked, span.equals(field.value, lowercased: "chunked") else {
        throw .invalidTransferEncoding
      }
      isChunked = true
    default: break
    }
  }

  /// RFC 9112, section 6.3, with every doubtful case refused.
  func length(isVersion10: Bool) throws(Refusal) -> RequestHead.Length {
    guard isChunked else {
      guard let contentLength, contentLength > 0 else { return .none }
      return .fixed(contentLength)
    }
    guard contentLength == nil else { throw .ambiguousLength }
    guard !isVersion10 else { throw .invalidTransferEncoding }
    return .chunked
  }

  private mutating func takeHost(_ value: Range<Int>, _ span: Span<UInt8>) throws(Refusal) {
    guard !hasHost, span.isHost(value) else { throw .invalidHost }
    hasHost = true
  }

  private mutating func takeExpectation(_ value: Range<Int>, _ span: Span<UInt8>) {
    if span.equals(value, lowercased: "100-continue") {
      expectsContinue = true
    } else {
      expectsUnknown = true
    }
  }

  private mutating func takeContentLength(
    _ value: Range<Int>, _ span: Span<UInt8>
  ) throws(Refusal) {
    guard contentLength == nil, !value.isEmpty else { throw .invalidContentLength }
    var length = 0
    for index in value {
      guard span[index].isDigit else { throw .invalidContentLength }
      let (tens, overflow) = length.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int(span[index] - 0x30))
      guard !overflow, !carry else { throw .invalidContentLength }
      length = sum
    }
    contentLength = length
  }

  /// A list of tokens, RFC 9110, section 7.6.1.
  private mutating func takeConnection(_ value: Range<Int>, _ span: Span<UInt8>) {
    var start = value.lowerBound
    while start < value.upperBound {
      var end = start
      while end < value.upperBound, span[end] != UInt8(ascii: ",") { end += 1 }
      let option = span.trimmed(start..<end)
      if span.equals(option, lowercased: "close") { closes = true }
      if span.equals(option, lowercased: "keep-alive") { keepsAlive = true }
      start = end + 1
    }
  }
}
