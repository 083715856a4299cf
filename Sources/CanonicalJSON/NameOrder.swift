/// Checks, for assertions, that the names given to a writer are in canonical order.
///
/// Every function returns a `Bool` so that it can be the condition of an `assert`, and costs
/// nothing in a release build.
struct NameOrder: Sendable {
  /// The last name of every object that is open, the innermost at the end.
  private var lastNames: [String?] = []

  mutating func beginObject() -> Bool {
    lastNames.append(nil)
    return true
  }

  /// False when no object is open.
  mutating func endObject() -> Bool {
    lastNames.popLast() != nil
  }

  /// False when no object is open or the name does not follow the last one.
  mutating func accepts(_ name: String) -> Bool {
    guard let last = lastNames.popLast() else { return false }
    lastNames.append(name)
    return last.map { precedesInCodeUnits($0, name) } ?? true
  }
}
