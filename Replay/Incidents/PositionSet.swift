import Ledger

/// Some positions of a log: a bit for each event.
struct PositionSet: Sendable {
  private var words: [UInt64]
  private(set) var count = 0

  /// - Parameter head: every position is below it.
  init(below head: Position) {
    words = [UInt64](repeating: 0, count: Int((head + 63) / 64))
  }

  mutating func insert(_ position: Position) {
    let (index, bit) = (Int(position / 64), UInt64(1) << (position % 64))
    if words[index] & bit == 0 { count += 1 }
    words[index] |= bit
  }

  func contains(_ position: Position) -> Bool {
    words[Int(position / 64)] & (1 << (position % 64)) != 0
  }

  /// Lends the positions in ascending order.
  func lend(_ body: (Position) throws -> Void) rethrows {
    for (index, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        try body(Position(index * 64 + rest.trailingZeroBitCount))
        rest &= rest - 1
      }
    }
  }
}
