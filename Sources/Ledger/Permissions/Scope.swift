/// A set of scope values (RFC 6749 §3.3), in the order they were given.
package struct Scope: Sendable, Hashable {
  package static let none = Scope(unchecked: "")

  /// The form on the wire and in the log.
  package let text: String

  private init(unchecked text: String) { self.text = text }

  /// Reads values separated by one space; nil for other characters, empty values or one twice.
  package init?(_ text: String) {
    guard text.utf8.count <= 1_000, Self.hasForm(text) else { return nil }
    self.text = text
    guard count < 2 || Set(values).count == count else { return nil }
  }

  package init(_ permissions: some Sequence<Permission>) {
    self.init(unchecked: permissions.map(\.rawValue).joined(separator: " "))
  }

  package var values: [Substring] { text.split(separator: " ") }

  package var count: Int {
    text.isEmpty ? 0 : text.utf8.reduce(1) { $1 == UInt8(ascii: " ") ? $0 + 1 : $0 }
  }

  package func isSubset(of other: Scope) -> Bool {
    text == other.text || values.allSatisfy(other.values.contains)
  }

  /// The values that are permissions of this ledger's own endpoints.
  package var permissions: Set<Permission> {
    Set(values.compactMap { Permission(rawValue: String($0)) })
  }

  /// Values with a colon: reserved for permissions, whether one of that name exists or not.
  var reserved: [String] {
    values.filter { $0.utf8.contains(UInt8(ascii: ":")) }.map(String.init)
  }

  /// RFC 6749 §3.3: values of `%x21 / %x23-5B / %x5D-7E` with one space between them.
  private static func hasForm(_ text: String) -> Bool {
    var last = UInt8(ascii: " ")
    for byte in text.utf8 {
      guard byte >= 0x20, byte < 0x7F, byte != 0x22, byte != 0x5C, byte != 0x20 || last != 0x20
      else { return false }
      last = byte
    }
    return last != 0x20
  }
}
