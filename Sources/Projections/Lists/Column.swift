package import CanonicalJSON
package import Ledger

/// A member of a record that lists are narrowed and sorted by. Every one has an index.
package struct Column: Sendable {
  package enum Form: Sendable, Hashable {
    /// Compared without regard to letter case, but for equality.
    case text
    /// One of these words.
    case choice([String])
    /// Several values, in an array or with spaces between them; narrowed by each of them, and not
    /// sorted by.
    case words
    case identifier(Identifier.Kind)
    /// RFC 3339.
    case time
    case integer
  }

  package let name: String
  package let form: Form
  /// Part of what `q` searches.
  package let isSearched: Bool
  /// The members that lead to the value.
  private let path: [[UInt8]]

  /// - Parameter path: the names of the members, outermost first; the column's own name unless given.
  init(_ name: String, _ form: Form, isSearched: Bool = false, path: [String] = []) {
    self.name = name
    self.form = form
    self.isSearched = isSearched
    self.path = (path.isEmpty ? [name] : path).map { Array($0.utf8) }
  }

  package var isSorted: Bool { form != .words }

  /// The bytes that stand for a value in an index: they sort like the values.
  package func key(_ raw: [UInt8]) -> [UInt8]? {
    switch form {
    case .text: folded(raw)
    case .choice, .words: raw
    case .identifier(let kind):
      Identifier(String(decoding: raw, as: UTF8.self), kind)?.bytes
    case .time: Timestamp(String(decoding: raw, as: UTF8.self)).map { Self.key($0.microseconds) }
    case .integer: Int64(String(decoding: raw, as: UTF8.self)).map(Self.key)
    }
  }

  package static func key(_ integer: Int64) -> [UInt8] {
    [UInt8](UInt64(bitPattern: integer) ^ 1 << 63)
  }

  /// What a record has in the column, as it is written there; several values for words alone.
  ///
  /// - Parameter record: canonical bytes.
  package func values(in record: MemberFinder) -> [[UInt8]] {
    guard let range = range(in: record) else { return [] }
    if record.isArray(range) { return record.elements(of: range).compactMap(record.text) }
    guard let text = record.text(range) ?? record.integer(range).map({ Array("\($0)".utf8) }) else {
      return []
    }
    guard form == .words else { return [text] }
    return text.split(separator: UInt8(ascii: " ")).map { [UInt8]($0) }
  }

  private func range(in record: MemberFinder) -> Range<Int>? {
    guard var range = record.value(of: path[0]) else { return nil }
    for name in path.dropFirst() {
      guard let inner = record.value(of: name, in: range) else { return nil }
      range = inner
    }
    return range
  }
}

/// Text without regard to letter case: of each scalar by itself the lower case of the upper case of
/// the lower case, so that `ß` is `ss` and `ς` is `σ`.
package func folded(_ text: [UInt8]) -> [UInt8] {
  if text.allSatisfy({ $0 < 0x80 }) {
    return text.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
  }
  let scalars = String(decoding: text, as: UTF8.self).unicodeScalars
  return Array(
    scalars.lazy.flatMap { $0.properties.lowercaseMapping.unicodeScalars }
      .flatMap { $0.properties.uppercaseMapping.unicodeScalars }
      .flatMap { $0.properties.lowercaseMapping.utf8 })
}
