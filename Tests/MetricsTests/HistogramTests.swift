import Metrics
import Testing

@Suite("Histograms")
struct HistogramTests {
  @Test("a bound belongs to the values that it bounds")
  func bounds() {
    var histogram = Histogram(bounds: [10, 20])
    for value: UInt64 in [0, 10, 11, 20, 21, 1_000] { histogram.add(value) }
    #expect(histogram.counts == [2, 2, 2])
    #expect(histogram.count == 6)
    #expect(histogram.sum == 1_062)
  }

  @Test("histograms add up")
  func sum() {
    var (left, right) = (Histogram(bounds: [1]), Histogram(bounds: [1]))
    left.add(1)
    right.add(1)
    right.add(5)
    left.add(right)
    #expect(left.counts == [2, 1])
    #expect(left.sum == 7)
  }
}
