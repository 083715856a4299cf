import Ledger
import Support
import Testing

@testable import Endpoints

@Suite("Sums of denials")
struct DenialSumsTests {
  private static func kind(_ number: Int) -> DenialSums.Kind {
    DenialSums.Kind(
      cause: .wrongSecret, client: id(.client, 1), secret: nil, source: "192.0.2.\(number)")
  }

  @Test("alike ones are counted together, by the minute")
  func summed() {
    var sums = DenialSums()
    for minute: Int64 in [60, 120] {
      for _ in 0..<3 { sums.add(Self.kind(1), in: minute) }
      sums.add(Self.kind(2), in: minute)
    }
    let first = sums.take(before: 120)
    #expect(first.map { $0.map(\.count).sorted() } == [[1, 3]])
    #expect(sums.take(before: 120).isEmpty)
    #expect(sums.take(before: .max).count == 1)
    #expect(sums.isEmpty)
  }

  @Test("what comes after 256 kinds is one sum, and nothing is lost")
  func bounded() {
    var sums = DenialSums()
    for number in 0..<300 { sums.add(Self.kind(number), in: 60) }
    sums.add(Self.kind(0), in: 60)
    sums.addOthers(5, in: 60)
    let taken = sums.take(before: .max)[0]
    #expect(taken.count == 257)
    #expect(taken.reduce(0) { $0 + $1.count } == 306)
    #expect(taken.map(\.count).max() == Int64(300 - 256 + 5))
  }

  @Test("without room for kinds all is one sum")
  func crowded() {
    var sums = DenialSums()
    for number in 0..<3 { sums.add(Self.kind(number), in: 60, limit: 0) }
    #expect(sums.take(before: .max)[0].map(\.count) == [3])
  }
}
