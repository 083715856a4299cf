import Metrics
import Testing

@Suite("The text that Prometheus reads")
struct ExpositionTests {
  private var exposition = Exposition()

  @Test("a metric is described once, whatever the number of its samples")
  mutating func samples() {
    exposition.add("up", .gauge, "Whether it is up.", 1)
    exposition.add(
      "calls_total", .counter, "Calls.",
      [([("method", "GET"), ("path", "/")], 3), ([("method", "POST"), ("path", "/")], 0.25)])
    #expect(
      exposition.text == """
        # HELP up Whether it is up.
        # TYPE up gauge
        up 1
        # HELP calls_total Calls.
        # TYPE calls_total counter
        calls_total{method="GET",path="/"} 3
        calls_total{method="POST",path="/"} 0.25

        """)
  }

  @Test("a label cannot break out of its line, nor a description")
  mutating func escapes() {
    exposition.add("m", .gauge, "one \\ \"two\"\nthree", [([("l", "a\\b\"c\nd\r\né")], 1)])
    #expect(
      exposition.text.unicodeScalars.elementsEqual(
        "# HELP m one \\\\ \"two\"\\nthree\n# TYPE m gauge\nm{l=\"a\\\\b\\\"c\\nd\r\\né\"} 1\n"
          .unicodeScalars))
  }

  @Test("the buckets of a histogram count everything below, in its unit")
  mutating func histograms() {
    var histogram = Histogram(bounds: [100, 500, 1_000_000])
    for value: UInt64 in [100, 500, 501, 2_000_000] { histogram.add(value) }
    exposition.add("wait_seconds", "Waits.", [([("route", "/a")], histogram)], dividedBy: 1e6)
    #expect(
      exposition.text == """
        # HELP wait_seconds Waits.
        # TYPE wait_seconds histogram
        wait_seconds_bucket{route="/a",le="0.0001"} 1
        wait_seconds_bucket{route="/a",le="0.0005"} 2
        wait_seconds_bucket{route="/a",le="1"} 3
        wait_seconds_bucket{route="/a",le="+Inf"} 4
        wait_seconds_sum{route="/a"} 2.001101
        wait_seconds_count{route="/a"} 4

        """)
  }

  @Test(
    "numbers are as short as they can be",
    arguments: [
      (0, "0"), (-1, "-1"), (1_795_263_376, "1795263376"), (1_099_511_627_776, "1099511627776"),
      (0.1, "0.1"), (1e300, "1e+300"),
    ] as [(Double, String)])
  func numbers(_ value: Double, _ text: String) {
    var exposition = Exposition()
    exposition.add("n", .gauge, "N.", value)
    #expect(exposition.text.hasSuffix("\nn \(text)\n"))
  }
}
