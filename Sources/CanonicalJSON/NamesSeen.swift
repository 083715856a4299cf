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

  private var unordered: Set<CodeUnitName> = []

  mutating func place(_ name: String, after members: [JSON.Member]) -> Place {
    guard unordered.isEmpty else { return insert(name) }
    guard let last = members.last else { return .last }
    if precedesInCodeUnits(last.name, name) { return .last }
    for member in members { unordered.insert(CodeUnitName(name: member.name)) }
    return insert(name)
  }

  private mutating func insert(_ name: String) -> Place {
    unordered.insert(CodeUnitName(name: name)).inserted ? .outOfOrder : .duplicate
  }
}
