/// Finds members in the canonical bytes of an object without reading the others. What it is given
/// must be canonical, as stored bytes are; it checks nothing.
package struct MemberFinder {
  private let bytes: [UInt8]
  /// Where the object's own members stand, their names without quotation marks; nil when each is
  /// looked for by itself.
  private let members: [(name: Range<Int>, value: Range<Int>)]?

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    members = nil
  }

  /// A finder that looks at all members once, for who asks for most of them.
  package init(indexing bytes: [UInt8]) {
    let finder = MemberFinder(bytes)
    var found: [(name: Range<Int>, value: Range<Int>)] = []
    _ = finder.firstMember(in: bytes.indices) { name, value in
      found.append((name, value))
      return false
    }
    self.bytes = bytes
    members = found
  }

  /// Where the value of a member stands; nil when there is none of that name.
  ///
  /// - Parameter name: as it is written, so without characters that need escapes.
  package func value(of name: [UInt8]) -> Range<Int>? {
    guard let members else { return value(of: name, in: bytes.indices) }
    return members.first { isName(name, $0.name) }?.value
  }

  /// The same in an object that stands somewhere in the bytes.
  package func value(of name: [UInt8], in object: Range<Int>) -> Range<Int>? {
    firstMember(in: object) { found, _ in isName(name, found) }
  }

  /// The value of the first member that is the one, by its name without quotation marks.
  private func firstMember(
    in object: Range<Int>, _ isTheOne: (_ name: Range<Int>, _ value: Range<Int>) -> Bool
  ) -> Range<Int>? {
    var place = object.lowerBound + 1
    while place < object.upperBound, bytes[place] == UInt8(ascii: "\"") {
      let nameEnd = endOfString(place)
      let value = nameEnd + 1..<endOfValue(nameEnd + 1)
      if isTheOne(place + 1..<nameEnd - 1, value) { return value }
      place = value.upperBound + 1
    }
    return nil
  }

  /// The values of an array that stands somewhere in the bytes.
  package func elements(of array: Range<Int>) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var place = array.lowerBound + 1
    while place < array.upperBound - 1 {
      let end = endOfValue(place)
      found.append(place..<end)
      place = end + 1
    }
    return found
  }

  /// The text of a string that stands there; nil when another value does.
  package func text(_ range: Range<Int>) -> [UInt8]? {
    guard range.count >= 2, bytes[range.lowerBound] == UInt8(ascii: "\"") else { return nil }
    let inner = (range.lowerBound + 1)..<(range.upperBound - 1)
    let isPlain = inner.allSatisfy { bytes[$0] != UInt8(ascii: "\\") }
    if isPlain { return inner.map { bytes[$0] } }
    guard let parsed = try? JSON.parse(range.map { bytes[$0] }) else { return nil }
    return parsed.string.map { Array($0.utf8) }
  }

  /// The integer that stands there; nil when another value does.
  package func integer(_ range: Range<Int>) -> Int64? {
    Int64(String(decoding: range.map { bytes[$0] }, as: UTF8.self))
  }

  /// Whether an array begins there.
  package func isArray(_ range: Range<Int>) -> Bool {
    bytes[range.lowerBound] == UInt8(ascii: "[")
  }

  private func isName(_ name: [UInt8], _ range: Range<Int>) -> Bool {
    guard range.count == name.count else { return false }
    return name.indices.allSatisfy { bytes[range.lowerBound + $0] == name[$0] }
  }

  /// Behind the closing quotation mark of a string that begins at a place.
  private func endOfString(_ start: Int) -> Int {
    var place = start + 1
    while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
      place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(place + 1, bytes.count)
  }

  private func endOfValue(_ start: Int) -> Int {
    guard start < bytes.count else { return start }
    switch bytes[start] {
    case UInt8(ascii: "\""): return endOfString(start)
    case UInt8(ascii: "{"), UInt8(ascii: "["): return endOfContainer(start)
    default: return endOfScalar(start)
    }
  }

  private func endOfScalar(_ start: Int) -> Int {
    var place = start
    while place < bytes.count, !Self.isEnd(bytes[place]) { place += 1 }
    return place
  }

  private static func isEnd(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
  }

  private func endOfContainer(_ start: Int) -> Int {
    var (place, depth) = (start, 0)
    repeat {
      switch bytes[place] {
      case UInt8(ascii: "\""):
        place = endOfString(place)
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      default: break
      }
      place += 1
    } while depth > 0 && place < bytes.count
    return place
  }
}
