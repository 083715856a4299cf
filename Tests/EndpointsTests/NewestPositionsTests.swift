import Support
import Testing

@testable import Endpoints

@Suite("The newest positions")
struct NewestPositionsTests {
  @Test(
    "are the last ones of all, whatever the order they come in",
    arguments: 1...20 as ClosedRange<UInt64>)
  func newest(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let all = (0..<500 as Range<UInt64>).shuffled(using: &generator)
    let (start, limit) = (UInt64(seed * 10), Int(seed) * 17)
    var newest = NewestPositions(from: start, limit: limit)
    for begin in stride(from: 0, to: 500, by: 50) { newest.insert(Array(all[begin..<begin + 50])) }
    #expect(newest.positions() == Array((start..<500).reversed().prefix(limit)))
    #expect(newest.hasDropped == (500 - Int(start) > limit))
  }

  @Test("of none there are none")
  func none() {
    var newest = NewestPositions(from: 5, limit: 10)
    newest.insert([1, 4])
    #expect(newest.positions().isEmpty && !newest.hasDropped)
  }
}
