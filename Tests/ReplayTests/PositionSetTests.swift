import Ledger
import Testing

@testable import Replay

@Suite("A set of positions")
struct PositionSetTests {
  @Test("holds what was inserted, once and in order", arguments: [1, 2, 3] as [UInt64])
  func againstASet(_ seed: UInt64) {
    let head = Position(200 + seed * 37)
    var random = seed
    var (set, expected) = (PositionSet(below: head), Set<Position>())
    for _ in 0..<300 {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let position = (random >> 33) % head
      #expect(set.contains(position) == expected.contains(position))
      set.insert(position)
      expected.insert(position)
      #expect(set.count == expected.count)
    }
    let last = head - 1
    set.insert(last)
    var lent: [Position] = []
    set.lend { lent.append($0) }
    #expect(lent == expected.union([last]).sorted())
  }

  @Test("of an empty log holds nothing")
  func empty() {
    PositionSet(below: 0).lend { _ in Issue.record("there is none") }
  }
}
