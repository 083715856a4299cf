/// Things that stand in the way of a change.
struct Obstacles {
  /// So many are named, the first ones.
  static let named = 100
  /// So many are counted.
  static let counted = 10_000

  private(set) var things: [Identifier] = []
  private(set) var count = 0

  /// - Returns: whether another one would be counted.
  mutating func add(_ thing: Identifier) -> Bool {
    if count < Self.named { things.append(thing) }
    count += 1
    return count < Self.counted
  }

  /// - Parameter what: what they are to the thing that was to change, for example "has projects".
  /// - Throws: `Rejection.conflict` when there is one.
  func check(_ what: String) throws(Rejection) {
    guard count > 0 else { return }
    throw .conflict("\(what): \(count < Self.counted ? "" : "at least ")\(count)", things)
  }
}
