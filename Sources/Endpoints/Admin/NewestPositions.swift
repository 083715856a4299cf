import Ledger

/// The last of many positions, and not more than so many.
struct NewestPositions {
  /// Those before it do not count.
  private(set) var start: Position
  /// Some that would have counted were left out for their number.
  private(set) var hasDropped = false
  private let limit: Int
  private var kept: [Position] = []

  init(from start: Position, limit: Int) {
    self.start = start
    self.limit = limit
  }

  mutating func insert(_ positions: [Position]) {
    kept += positions.filter { $0 >= start }
    if kept.count >= 2 * limit { trim() }
  }

  /// The last one first.
  mutating func positions() -> [Position] {
    trim()
    return kept
  }

  private mutating func trim() {
    kept.sort(by: >)
    guard kept.count > limit else { return }
    kept.removeLast(kept.count - limit)
    hasDropped = true
    start = kept[limit - 1]
  }
}
