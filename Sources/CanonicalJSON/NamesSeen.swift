/// Finds duplicate names within one object, in constant time per name.
///
/// While names arrive in canonical order the last one is enough to tell; the first that does not
/// makes it remember them all.
struct NamesSeen {
  enum Place {
    /// After every name so far, in the canonical order.
    case last
    case outOfOrder
    case duplicate
  }

  /// Where the last name stands in the text; nil when it is written with escapes.
  private var last: Range<Int>?
  private var unordered: Set<CodeUnitName> = []

  /// - Parameter written: where the name stands in `bytes`, between its quotes.
  mutating func place(
    _ name: String, written: Range<Int>, in bytes: Span<UInt8>, after members: [JSON.Member]
  ) -> Place {
    guard unordered.isEmpty else { return insert(name) }
    let previous = last
    last = written.count == name.utf8.count ? written : nil
    if members.isEmpty { return .last }
    let isOrdered =
      if let previous, let last {
        precedesInCodeUnits(bytes.extracting(previous), bytes.extracting(last))
      } else {
        precedesInCodeUnits(members[members.count - 1].name, name)
      }
    if isOrdered { return .last }
    for member in members { unordered.insert(CodeUnitName(name: member.name)) }
    return insert(name)
  }

  private mutating func insert(_ name: String) -> Place {
    unordered.insert(CodeUnitName(name: name)).inserted ? .outOfOrder : .duplicate
  }
}
