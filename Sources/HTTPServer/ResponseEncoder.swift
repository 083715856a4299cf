/// Writes heads of responses, RFC 9112, section 4.
struct ResponseEncoder {
  enum Framing {
    /// Neither a body nor a length: 204 and 304.
    case bodiless
    case length(Int)
    case chunked
    case untilClose
  }

  let framing: Framing
  let keepsAlive: Bool
  let isVersion10: Bool
  /// The value of `X-Request-Id`.
  let requestID: String

  /// Appends status line, headers and the empty line. False, with the output unchanged, when
  /// the response would break its own head.
  func encode(_ response: Response, dateLine: [UInt8], into output: inout [UInt8]) -> Bool {
    guard (200...599).contains(response.status) else { return false }
    let start = output.count
    output.append(contentsOf: StatusLine.all[response.status - 200])
    output.append(contentsOf: dateLine)
    if !keepsAlive {
      output.append("Connection: close\r\n")
    } else if isVersion10 {
      output.append("Connection: keep-alive\r\n")
    }
    output.append("X-Request-Id: ")
    output.append(contentsOf: requestID.utf8)
    output.append("\r\n")
    for header in response.headers where !ResponseEncoder.isOwn(header.name) {
      guard ResponseEncoder.append(header.name, header.value, to: &output) else {
        output.removeSubrange(start...)
        return false
      }
    }
    appendFraming(&output)
    return true
  }

  private func appendFraming(_ output: inout [UInt8]) {
    switch framing {
    case .length(let length):
      output.append("Content-Length: ")
      output.append(digitsOf: length)
      output.append("\r\n\r\n")
    case .chunked: output.append("Transfer-Encoding: chunked\r\n\r\n")
    case .bodiless, .untilClose: output.append("\r\n")
    }
  }

  private static func append(_ name: String, _ value: String, to output: inout [UInt8]) -> Bool {
    let nameStart = output.count
    output.append(contentsOf: name.utf8)
    let nameEnd = output.count
    output.append(": ")
    output.append(contentsOf: value.utf8)
    guard isField(output, name: nameStart..<nameEnd, value: nameEnd + 2) else { return false }
    output.append("\r\n")
    return true
  }

  private static func isField(_ output: [UInt8], name: Range<Int>, value start: Int) -> Bool {
    let span = output.span
    for index in name where !span[index].isTokenCharacter { return false }
    for index in start..<span.count where !span[index].isFieldCharacter { return false }
    return !name.isEmpty
  }

  private static func isOwn(_ name: String) -> Bool {
    switch name.utf8.count {
    case 4: name.lowercased() == "date"
    case 10: name.lowercased() == "connection"
    case 12: name.lowercased() == "x-request-id"
    case 14: name.lowercased() == "content-length"
    case 17: name.lowercased() == "transfer-encoding"
    default: false
    }
  }
}

extension [UInt8] {
  /// Appends one chunk, RFC 9112, section 7.1; the data must not be empty.
  mutating func append(chunk data: [UInt8]) {
    append(digitsOf: data.count, radix: 16)
    append("\r\n")
    append(contentsOf: data)
    append("\r\n")
  }
}
