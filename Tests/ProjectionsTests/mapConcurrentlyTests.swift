import Projections
import Testing

@Suite("Concurrent mapping")
struct MapConcurrentlyTests {
  @Test(
    "results are all there, in the order of the elements", arguments: [0, 1, 63, 64, 65, 9_999])
  func order(_ count: Int) {
    let elements = Array(0..<count)
    #expect(mapConcurrently(elements) { $0 * 3 } == elements.map { $0 * 3 })
  }
}
