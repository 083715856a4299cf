import Ledger
import Testing

@Suite("Times of RFC 3339")
struct InternetTimeTests {
  @Test(
    "forms of one moment",
    arguments: [
      "2026-11-21T05:16:00.123456Z", "2026-11-21t05:16:00.123456z",
      "2026-11-21T05:16:00.123456789Z", "2026-11-21T05:16:00.123456+00:00",
      "2026-11-21T05:16:00.123456-00:00", "2026-11-21T06:16:00.123456+01:00",
      "2026-11-20T23:31:00.123456-05:45",
    ])
  func forms(_ text: String) {
    #expect(Timestamp(internet: text) == Timestamp("2026-11-21T05:16:00.123456Z"))
  }

  @Test(
    "fewer digits",
    arguments: [("05:16:00Z", "000000"), ("05:16:00.5Z", "500000"), ("05:16:00.05Z", "050000")])
  func digits(_ clock: String, _ fraction: String) {
    let time = Timestamp(internet: "2026-11-21T\(clock)")
    #expect(time?.text == "2026-11-21T05:16:00.\(fraction)Z")
  }

  @Test(
    "what is no such time",
    arguments: [
      "", "2026-11-21", "2026-11-21T05:16Z", "2026-11-21T05:16:00", "2026-11-21 05:16:00Z",
      "2026-11-21T05:16:00.Z", "2026-11-21T05:16:00.1234567890Z", "2026-11-21T05:16:00+1:00",
      "2026-11-21T05:16:00+24:00", "2026-11-21T05:16:00+01:60", "2026-02-30T05:16:00Z",
      "2026-11-21T05:16:60Z", "1970-01-01T00:30:00+01:00", "1969-12-31T23:59:59Z",
      "2026-11-21T05:16:00Z ", "２026-11-21T05:16:00Z",
    ])
  func others(_ text: String) { #expect(Timestamp(internet: text) == nil) }
}
