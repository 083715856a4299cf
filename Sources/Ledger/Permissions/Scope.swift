/// A set of scope values (RFC 6749 §3.3), in the order they were given.
package struct Scope: Sendable, Hashable {
  /// No value at all, which no token and no request can have (RFC 6749 §3.3).
  package static let none = Scope(unchecked: "")

  /// The form on the wire and in the log.
  package let text: String

  private init(unchecked text: String) { self.text = text }

  /// Reads values separated by one space; nil for other characters, empty values or one twice.
  package init?(_ text: String) {
    guard text.utf8.count <= 1_000, Self.hasForm(text) else { return nil }
    self.text = text
    guard isWithoutRepeats else { return nil }
  }

  package init(_ permissions: some Sequence<Permission>) {
    self.init(unchecked: permissions.map(\.rawValue).joined(separator: " "))
  }

  package var values: [Substring] { text.split(separator: " ") }

  package var isEmpty: Bool { text.isEmpty }

  package var count: Int {
    let bytes = text.utf8.span
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
  private static func hasForm(_ text: String) -> Bool {
    let bytes = text.utf8.span
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
  private var isWithoutRepeats: Bool {
    let count = count
    guard count > 1 else { return true }
    guard count <= 8 else { return Set(values).count == count }
    let bytes = text.utf8.span
    var starts: [Int] = [0]
    for index in bytes.indices where bytes[index] == UInt8(ascii: " ") { starts.append(index + 1) }
    return starts.indices.allSatisfy { later in
      starts[..<later].allSatisfy { Self.differ(bytes, $0, starts[later]) }
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
