/// How values are spread: how many fell at or below each of some bounds, how many in all, and
/// their sum.
package struct Histogram: Sendable {
  /// Upper bounds, inclusive, ascending.
  package let bounds: [UInt64]
  /// How many values fell between a bound and the one before it; the last is of those above all.
  package private(set) var counts: [UInt64]
  package private(set) var sum: UInt64 = 0

  package init(bounds: [UInt64]) {
    precondition(zip(bounds, bounds.dropFirst()).allSatisfy(<), "the bounds do not ascend")
    self.bounds = bounds
    counts = Array(repeating: 0, count: bounds.count + 1)
  }

  /// An empty one for durations in microseconds, from a tenth of a millisecond to ten seconds.
  package static let ofDurations = Histogram(bounds: [
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
    1_000_000, 2_500_000, 5_000_000, 10_000_000,
  ])

  /// The number of values.
  package var count: UInt64 { counts.reduce(0, +) }

  package mutating func add(_ value: UInt64) {
    counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
    sum += value
  }

  /// Adds the values of another histogram with the same bounds.
  package mutating func add(_ other: Histogram) {
    precondition(bounds == other.bounds, "the histograms have other bounds")
    for index in counts.indices { counts[index] += other.counts[index] }
    sum += other.sum
  }
}
