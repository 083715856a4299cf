/// A set of scope values (RFC 6749 §3.3), in the order they were given.
package struct Scope: Sendable, Hashable {
  /// No value at all, which no token and no request can have (RFC 6749 §3.3).
  package static let none = Scope(unchecked: "")

  /// The form on the wire and in the log.
  package let text: String

  private init(unchecked text: String) { self.text = text }

  /// Reads values separated by one space; nil for other characters, empty values or one twice.
  package init?(_ text: String) {
    guard Self.isScope(text.utf8.span) else { return nil }
    self.text = text
  }

  /// Whether these are the bytes of a scope.
  static func isScope(_ bytes: Span<UInt8>) -> Bool {
    bytes.count <= 1_000 && hasForm(bytes) && isWithoutRepeats(bytes)
  }

  package init(_ permissions: some Sequence<Permission>) {
    self.init(unchecked: permissions.map(\.rawValue).joined(separator: " "))
  }

  package var values: [Substring] { text.split(separator: " ") }

  package var isEmpty: Bool { text.isEmpty }

  package var count: Int { Self.count(text.utf8.span) }

  private static func count(_ bytes: Span<UInt8>) -> Int {
    var count = bytes.isEmpty ? 0 : 1
    for index in bytes.indices where bytes[index] == UInt8(ascii: " ") { count += 1 }
    return count
  }

  package func isSubset(of other: Scope) -> Bool {
    text == other.text || values.allSatisfy(other.values.contains)
  }

  /// The values that are permissions of this ledger's own endpoints.
  package var permissions: Set<Permission> {
    Set(values.compactMap { Permission(rawValue: String($0)) })
  }

  /// Values with a colon: reserved for permissions, whether one of that name exists or not.
  var reserved: [String] { values.filter(Self.isReserved).map(String.init) }

  /// What is left without them.
  var withoutReserved: Scope {
    reserved.isEmpty
      ? self : Scope(unchecked: values.filter { !Self.isReserved($0) }.joined(separator: " "))
  }

  private static func isReserved(_ value: Substring) -> Bool {
    value.utf8.contains(UInt8(ascii: ":"))
  }

  /// With permissions behind its values; nil when that is too much for one scope.
  func adding(_ permissions: Set<Permission>) -> Scope? {
    let all = values.map(String.init) + permissions.ordered.map(\.rawValue)
    return all.count <= Self.maximumCount ? Scope(all.joined(separator: " ")) : nil
  }

  /// More values are in no scope of a client or a token.
  static let maximumCount = 50

  /// RFC 6749 §3.3: values of `%x21 / %x23-5B / %x5D-7E` with one space between them.
  private static func hasForm(_ bytes: Span<UInt8>) -> Bool {
    var last = UInt8(ascii: " ")
    for index in bytes.indices {
      let byte = bytes[index]
      guard byte >= 0x20, byte < 0x7F, byte != 0x22, byte != 0x5C, byte != 0x20 || last != 0x20
      else { return false }
      last = byte
    }
    return last != 0x20
  }

  /// Whether no value is there twice. Few values are compared with each other.
  private static func isWithoutRepeats(_ bytes: Span<UInt8>) -> Bool {
    let count = count(bytes)
    guard count > 1 else { return true }
    guard count <= 8 else {
      let values = String(copying: unsafe UTF8Span(unchecked: bytes, isKnownASCII: true))
      return Set(values.split(separator: " ")).count == count
    }
    return bytes.indices.allSatisfy { later in
      guard later > 0, bytes[later - 1] == UInt8(ascii: " ") else { return true }
      return (0..<later).allSatisfy { earlier in
        let begins = earlier == 0 || bytes[earlier - 1] == UInt8(ascii: " ")
        return !begins || differ(bytes, earlier, later)
      }
    }
  }

  /// Whether the values that begin at two places differ.
  private static func differ(_ bytes: Span<UInt8>, _ left: Int, _ right: Int) -> Bool {
    func byte(_ place: Int) -> UInt8 { place < bytes.count ? bytes[place] : UInt8(ascii: " ") }
    var offset = 0
    while byte(left + offset) == byte(right + offset) {
      if byte(left + offset) == UInt8(ascii: " ") { return false }
      offset += 1
    }
    return true
  }
}
