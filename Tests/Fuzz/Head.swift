@testable import HTTPServer

private let maximumFields = 10

/// Where a head ends is the same however the bytes arrive; the head is refused or read as its
/// lines stand.
@Sendable func checkHead(_ input: [UInt8]) {
  let whole = scan(input, [])
  promise(scan(input, cuts(of: input)) == whole, "a cut changes nothing")
  guard case .success(let end?) = whole else { return }
  let bytes = Array(input[..<end])
  guard let head = try? RequestHead(bytes, maximumFields: maximumFields) else { return }
  let lines = Lines(bytes)
  promise(lines.areSound, "no line of an accepted head holds CR, LF or NUL")
  checkRequestLine(head, lines.first)
  checkFields(head, lines.fields)
  checkSemantics(head, lines)
}

/// The end of the head in bytes that come in pieces.
private func scan(_ input: [UInt8], _ cuts: [Int]) -> Result<Int?, Refusal> {
  var scanner = HeadScanner()
  do throws(Refusal) {
    for cut in cuts {
      if let end = try scanner.end(in: Array(input[..<cut]), from: 0) { return .success(end) }
    }
    return .success(try scanner.end(in: input, from: 0))
  } catch {
    return .failure(error)
  }
}

private func checkRequestLine(_ head: RequestHead, _ line: [UInt8]) {
  let target = head.path + (head.query.map { "?" + $0 } ?? "")
  let version = head.isVersion10 ? "HTTP/1.0" : "HTTP/1.1"
  promise(
    Array("\(head.method) \(target) \(version)".utf8) == line, "the request line is read whole")
  promise(!head.method.isEmpty && target.hasPrefix("/"), "a method and a path")
}

private func checkFields(_ head: RequestHead, _ fields: [(name: String, value: [UInt8])]) {
  promise(head.fields.count == fields.count && fields.count <= maximumFields, "a field a line")
  for (read, expected) in zip(head.fields, fields) {
    let name = String(decoding: head.bytes[read.name], as: UTF8.self).lowercased()
    promise(name == expected.name && !name.isEmpty, "a field's name")
    promise(Array(head.bytes[read.value]) == expected.value, "a field's value")
  }
}

private func checkSemantics(_ head: RequestHead, _ lines: Lines) {
  let hosts = lines.values(of: "host")
  promise(hosts.count == 1 || head.isVersion10 && hosts.isEmpty, "one Host")
  let lengths = lines.values(of: "content-length")
  let codings = lines.values(of: "transfer-encoding")
  promise(lengths.count + codings.count <= 1, "one length")
  promise(codings.isEmpty || codings == ["chunked"] && !head.isVersion10, "chunked on 1.1")
  promise(lengths.allSatisfy { Int($0) != nil }, "a length is a number")
  promise(head.length == length(lengths.first, isChunked: !codings.isEmpty), "the body's length")
  let options = lines.values(of: "connection").flatMap(Lines.list)
  let keepsAlive = !head.isVersion10 || options.contains("keep-alive")
  promise(head.keepsAlive == (keepsAlive && !options.contains("close")), "the connection's end")
  let continues = !head.isVersion10 && !lines.values(of: "expect").isEmpty
  promise(head.expectsContinue == continues, "the expectation")
}

private func length(_ text: String?, isChunked: Bool) -> RequestHead.Length {
  let count = text.flatMap { Int($0) } ?? 0
  return isChunked ? .chunked : count == 0 ? .none : .fixed(count)
}

/// A head taken apart at its line ends and colons, by no other rule.
private struct Lines {
  let first: [UInt8]
  let fields: [(name: String, value: [UInt8])]
  let areSound: Bool

  init(_ head: [UInt8]) {
    let text = head.dropLast(4)
    var lines: [[UInt8]] = [[]]
    for (index, byte) in text.enumerated() {
      let endsLine = byte == 10 && index > 0 && head[index - 1] == 13
      if endsLine { lines[lines.count - 1].removeLast() }
      if endsLine { lines.append([]) } else { lines[lines.count - 1].append(byte) }
    }
    areSound =
      head.suffix(4) == [13, 10, 13, 10]
      && lines.allSatisfy { line in !line.contains { $0 == 0 || $0 == 10 || $0 == 13 } }
    first = lines[0]
    fields = lines.dropFirst().map(Lines.field)
  }

  private static func field(_ line: [UInt8]) -> (name: String, value: [UInt8]) {
    let name = line.prefix { $0 != UInt8(ascii: ":") }
    let value = line.dropFirst(name.count + 1).drop(while: isBlank)
    let end = value.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? value.startIndex
    return (String(decoding: name, as: UTF8.self).lowercased(), Array(value[..<end]))
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  /// In lower case.
  func values(of name: String) -> [String] {
    fields.filter { $0.name == name }
      .map { String(decoding: $0.value, as: UTF8.self).lowercased() }
  }

  static func list(_ value: String) -> [String] {
    value.utf8.split(separator: UInt8(ascii: ",")).map { item in
      String(decoding: field([UInt8(ascii: ":")] + item).value, as: UTF8.self)
    }
  }
}
