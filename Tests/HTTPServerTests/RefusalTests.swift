import Testing

@testable import HTTPServer

/// Each request is refused however it is cut in two, with one answer and the end.
@Suite struct RefusalTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let request: String
    let refusal: Refusal

    init(_ name: String, _ request: String, _ refusal: Refusal) {
      testDescription = name
      self.request = request
      self.refusal = refusal
    }
  }

  static let host = "Host: a\r\n"

  static let lines: [Case] = [
    Case("no version", "GET /\r\n\(host)\r\n", .malformedRequestLine),
    Case("two spaces", "GET  / HTTP/1.1\r\n\(host)\r\n", .invalidTarget),
    Case("space after version", "GET / HTTP/1.1 \r\n\(host)\r\n", .malformedRequestLine),
    Case("tab between", "GET\t/ HTTP/1.1\r\n\(host)\r\n", .malformedRequestLine),
    Case("garbage method", "G(T / HTTP/1.1\r\n\(host)\r\n", .malformedRequestLine),
    Case("leading space", " GET / HTTP/1.1\r\n\(host)\r\n", .malformedRequestLine),
    Case("binary", "\u{16}\u{3}\u{1}\r\n\r\n", .malformedRequestLine),
    Case("two empty lines", "\r\n\r\nGET / HTTP/1.1\r\n\(host)\r\n", .malformedRequestLine),
    Case("lower-case protocol", "GET / http/1.1\r\n\(host)\r\n", .malformedRequestLine),
    Case("other protocol", "GET / ICY/1.1\r\n\(host)\r\n", .malformedRequestLine),
    Case("long version", "GET / HTTP/1.10\r\n\(host)\r\n", .malformedRequestLine),
    Case("HTTP/2", "GET / HTTP/2.0\r\n\(host)\r\n", .unsupportedVersion),
    Case("HTTP/0.9", "GET / HTTP/0.9\r\n\(host)\r\n", .unsupportedVersion),
    Case("HTTP/1.2", "GET / HTTP/1.2\r\n\(host)\r\n", .unsupportedVersion),
    Case("absolute form", "GET http://a/ HTTP/1.1\r\n\(host)\r\n", .invalidTarget),
    Case("authority form", "CONNECT a:80 HTTP/1.1\r\n\(host)\r\n", .invalidTarget),
    Case("asterisk form", "OPTIONS * HTTP/1.1\r\n\(host)\r\n", .invalidTarget),
    Case("space in target", "GET /a b HTTP/1.1\r\n\(host)\r\n", .malformedRequestLine),
    Case("fragment", "GET /#a HTTP/1.1\r\n\(host)\r\n", .invalidTarget),
    Case("non-ASCII target", "GET /ä HTTP/1.1\r\n\(host)\r\n", .invalidTarget),
    Case("control in target", "GET /\u{1} HTTP/1.1\r\n\(host)\r\n", .invalidTarget),
    Case("bare LF", "GET / HTTP/1.1\n\(host)\r\n", .bareLineFeed),
    Case("bare LF at the end", "GET / HTTP/1.1\r\nHost: a\n\n", .bareLineFeed),
    Case("bare LF in the empty line", "GET / HTTP/1.1\r\nHost: a\r\n\n", .bareLineFeed),
  ]

  static let headers: [Case] = [
    Case("bare CR in value", "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n", .bareCarriageReturn),
    Case("bare CR line", "GET / HTTP/1.1\r\nHost: a\r\n\rb\r\n\r\n", .bareCarriageReturn),
    Case("two CR", "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", .bareCarriageReturn),
    Case("folded", "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n", .foldedHeader),
    Case("folded first", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", .foldedHeader),
    Case("space before colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", .spaceBeforeColon),
    Case("tab before colon", "GET / HTTP/1.1\r\nHost\t: a\r\n\r\n", .spaceBeforeColon),
    Case("no colon", "GET / HTTP/1.1\r\nHost\r\n\r\n", .invalidHeaderName),
    Case("empty name", "GET / HTTP/1.1\r\n\(host): a\r\n\r\n", .invalidHeaderName),
    Case("bad name", "GET / HTTP/1.1\r\n\(host)X(: a\r\n\r\n", .invalidHeaderName),
    Case("non-ASCII name", "GET / HTTP/1.1\r\n\(host)Xä: a\r\n\r\n", .invalidHeaderName),
    Case("NUL in name", "GET / HTTP/1.1\r\n\(host)X\0: a\r\n\r\n", .invalidHeaderName),
    Case("NUL in value", "GET / HTTP/1.1\r\n\(host)X: a\0\r\n\r\n", .invalidHeaderValue),
    Case("DEL in value", "GET / HTTP/1.1\r\n\(host)X: \u{7F}\r\n\r\n", .invalidHeaderValue),
    Case("no Host", "GET / HTTP/1.1\r\nX: a\r\n\r\n", .missingHost),
    Case("no header", "GET / HTTP/1.1\r\n\r\n", .missingHost),
    Case("two Hosts", "GET / HTTP/1.1\r\n\(host)host: a\r\n\r\n", .invalidHost),
    Case("empty Host", "GET / HTTP/1.1\r\nHost: \r\n\r\n", .invalidHost),
    Case("odd Host", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", .invalidHost),
    Case("two ports in Host", "GET / HTTP/1.1\r\nHost: a:1:2\r\n\r\n", .invalidHost),
    Case("a port alone in Host", "GET / HTTP/1.1\r\nHost: :1\r\n\r\n", .invalidHost),
    Case("half an address in Host", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", .invalidHost),
    Case("two Hosts, 1.0", "GET / HTTP/1.0\r\n\(host)\(host)\r\n", .invalidHost),
    Case(
      "expectation", "POST / HTTP/1.1\r\n\(host)Expect: tea\r\nContent-Length: 1\r\n\r\na",
      .unknownExpectation),
  ]

  static let bodies: [Case] = [
    length("both", "Content-Length: 1\r\nTransfer-Encoding: chunked", .ambiguousLength),
    length("both, reversed", "Transfer-Encoding: chunked\r\nContent-Length: 1", .ambiguousLength),
    length("two lengths", "Content-Length: 1\r\nContent-Length: 1", .invalidContentLength),
    length("length list", "Content-Length: 1, 1", .invalidContentLength),
    length("signed length", "Content-Length: +1", .invalidContentLength),
    length("negative length", "Content-Length: -1", .invalidContentLength),
    length("hexadecimal length", "Content-Length: 0x1", .invalidContentLength),
    length("empty length", "Content-Length:", .invalidContentLength),
    length("overflow", "Content-Length: 18446744073709551617", .invalidContentLength),
    length("huge length", "Content-Length: 9223372036854775807", .bodyTooLarge),
    length(
      "two codings", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
      .invalidTransferEncoding),
    length("coding list", "Transfer-Encoding: gzip, chunked", .invalidTransferEncoding),
    length("identity", "Transfer-Encoding: identity", .invalidTransferEncoding),
    length("quoted coding", "Transfer-Encoding: \"chunked\"", .invalidTransferEncoding),
    length("vertical tab", "Transfer-Encoding: \u{B}chunked", .invalidHeaderValue),
    length("empty coding", "Transfer-Encoding:", .invalidTransferEncoding),
    Case(
      "chunked on 1.0", "POST / HTTP/1.0\r\n\(host)Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      .invalidTransferEncoding),
    chunks("no size", "\r\n"), chunks("letter", "g\r\n"), chunks("signed", "+1\r\na\r\n"),
    chunks("prefixed", "0x1\r\na\r\n"), chunks("space after size", "1 \r\na\r\n"),
    chunks("space before size", " 1\r\na\r\n"), chunks("bare LF after size", "1\na\r\n"),
    chunks("CR alone after size", "1\ra\r\n"), chunks("too long", "1\r\nab\r\n"),
    chunks("bare LF after data", "1\r\na\n0\r\n\r\n"),
    chunks("CR alone after data", "1\r\na\r0\r\n\r\n"),
    chunks("bare LF in extension", "1;a\na\r\n"), chunks("NUL in extension", "1;\0\r\na\r\n"),
    chunks("trailer without colon", "0\r\nA\r\n\r\n"),
    chunks("space before colon in trailer", "0\r\nA : b\r\n\r\n"),
    chunks("bare LF in trailer", "0\r\nA: b\n\r\n"), chunks("LF ends", "0\r\n\n"),
    chunks("letter for CR", "1\r\nab\n0\r\n\r\n"),
    chunks("folded trailer", "0\r\nA: b\r\n c\r\n\r\n"),
    chunks("sixteen digits", "0000000000000001\r\na\r\n"),
    chunks("huge chunk", "fffffffffffffff\r\n", .bodyTooLarge),
  ]

  static func length(_ name: String, _ header: String, _ refusal: Refusal) -> Case {
    Case(name, "POST / HTTP/1.1\r\n\(host)\(header)\r\n\r\na", refusal)
  }

  static func chunks(_ name: String, _ body: String, _ refusal: Refusal = .invalidChunk) -> Case {
    let head = "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n"
    return Case("chunk: \(name)", head + body, refusal)
  }

  @Test(arguments: lines + headers + bodies)
  func refusedHoweverCut(_ refused: Case) throws {
    let server = try TestServer()
    let bytes = Array(refused.request.utf8)
    let expected = answer(refused.refusal)
    #expect(try converse(server.port, [bytes[...]]) == expected)
    for cut in 1..<bytes.count {
      let came = try converse(server.port, [bytes[..<cut], bytes[cut...]])
      #expect(came == expected, "cut at \(cut)")
    }
    let reasons = Set(server.log.all.map(\.event.description))
    #expect(reasons == ["refused \(refused.refusal)"])
    #expect(server.log.all.allSatisfy { $0.status == refused.refusal.status })
  }

  @Test func nothingAfterARefusalIsAnswered() throws {
    let server = try TestServer()
    let bytes = Array("GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
    #expect(try converse(server.port, [bytes[...]]) == answer(.missingHost))
  }

  private func answer(_ refusal: Refusal) -> String {
    let title: [Int: String] = [
      400: "Bad Request", 413: "Content Too Large", 417: "Expectation Failed",
      505: "HTTP Version Not Supported",
    ]
    let document = "{\"status\":\(refusal.status),\"title\":\"\(refusal.rawValue)\"}"
    return """
      HTTP/1.1 \(refusal.status) \(title[refusal.status] ?? "")
      Connection: close
      Content-Type: application/problem+json
      Content-Length: \(document.utf8.count)

      \(document)
      """
  }
}

extension LogRecord.Event {
  var description: String {
    if case .refused(let refusal) = self { "refused \(refusal)" } else { "\(self)" }
  }
}
