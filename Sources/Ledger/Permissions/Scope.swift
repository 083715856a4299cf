/// A set of scope values (RFC 6749 §3.3), in the order they were given.
package struct Scope: Sendable, Hashable {
  package static let none = Scope(values: [])

  package let values: [String]

  private init(values: [String]) { self.values = values }

  /// Reads values separated by one space; nil for other characters, empty values or one twice.
  package init?(_ text: String) {
    let values = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard values.allSatisfy(Self.isValue), text.utf8.count <= 1_000,
      Set(values).count == values.count
    else { return nil }
    self.values = values
  }

  package init(_ permissions: some Sequence<Permission>) {
    values = permissions.map(\.rawValue)
  }

  /// The form on the wire and in the log.
  package var text: String { values.joined(separator: " ") }

  package var count: Int { values.count }

  package func isSubset(of other: Scope) -> Bool { values.allSatisfy(other.values.contains) }

  /// The values that are permissions of this ledger's own endpoints.
  package var permissions: Set<Permission> { Set(values.compactMap(Permission.init)) }

  /// Values with a colon: reserved for permissions, whether one of that name exists or not.
  var reserved: [String] { values.filter { $0.utf8.contains(UInt8(ascii: ":")) } }

  /// RFC 6749 §3.3: `%x21 / %x23-5B / %x5D-7E`.
  private static func isValue(_ value: String) -> Bool {
    !value.isEmpty
      && value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }
  }
}
