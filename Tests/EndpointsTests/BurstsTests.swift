import Ledger
import Support
import Testing

@testable import Endpoints

@Suite("Bursts")
struct BurstsTests {
  @Test("those that reach the threshold in one minute are taken once")
  func once() {
    var bursts = Bursts()
    for _ in 0..<3 { bursts.add(id(.client, 1), in: 60) }
    for _ in 0..<2 { bursts.add(id(.client, 2), in: 60) }
    bursts.add(id(.client, 2), in: 120)
    let expected = Bursts.Burst(client: id(.client, 1), minute: 60, count: 3)
    #expect(bursts.take(from: 3) == [expected])
    bursts.add(id(.client, 1), in: 60)
    #expect(bursts.take(from: 3).isEmpty)
    bursts.add(id(.client, 2), in: 60)
    #expect(bursts.take(from: 3).map(\.client) == [id(.client, 2)])
  }

  @Test("minutes that are over are forgotten")
  func forgotten() {
    var bursts = Bursts()
    bursts.add(id(.client, 1), in: 60)
    bursts.add(id(.client, 1), in: 120)
    bursts.forget(before: 120)
    #expect(bursts.take(from: 1).map(\.minute) == [120])
  }
}
