import Ledger
import Support
import Testing

@Suite("Times")
struct TimestampTests {
  @Test(
    "known instants",
    arguments: [
      (0, "1970-01-01T00:00:00.000000Z"),
      (1, "1970-01-01T00:00:00.000001Z"),
      (68_169_600_000_000, "1972-02-29T00:00:00.000000Z"),
      (951_782_399_999_999, "2000-02-28T23:59:59.999999Z"),
      (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
      (951_868_800_000_000, "2000-03-01T00:00:00.000000Z"),
      (1_000_000_000_000_000, "2001-09-09T01:46:40.000000Z"),
      (1_234_567_890_000_000, "2009-02-13T23:31:30.000000Z"),
      (1_709_210_096_000_000, "2024-02-29T12:34:56.000000Z"),
      (1_795_238_160_123_456, "2026-11-21T05:16:00.123456Z"),
      (2_147_483_648_000_000, "2038-01-19T03:14:08.000000Z"),
      (4_107_542_399_000_000, "2100-02-28T23:59:59.000000Z"),
      (4_107_542_400_000_000, "2100-03-01T00:00:00.000000Z"),
      (13_574_563_200_000_000, "2400-02-29T00:00:00.000000Z"),
      (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
    ] as [(Int64, String)])
  func known(_ microseconds: Int64, _ text: String) {
    #expect(Timestamp(microseconds: microseconds).text == text)
    #expect(Timestamp(text)?.microseconds == microseconds)
  }

  @Test(
    "no other form is read",
    arguments: [
      "", "2026-11-21", "2026-11-21T05:16:00Z", "2026-11-21T05:16:00.123Z",
      "2026-11-21T05:16:00.12345Z", "2026-11-21T05:16:00.1234567Z", "2026-11-21T05:16:00.123456",
      "2026-11-21T05:16:00.123456z", "2026-11-21t05:16:00.123456Z", "2026-11-21 05:16:00.123456Z",
      "2026-11-21T05:16:00,123456Z", "2026-11-21T05:16:00.123456+00:00",
      "2026-1-21T05:16:00.0123456Z", "26-11-21T05:16:00.123456000Z", "2026/11/21T05:16:00.123456Z",
      " 026-11-21T05:16:00.123456Z", "+026-11-21T05:16:00.123456Z", "-026-11-21T05:16:00.123456Z",
      "2026-11-21T05:16:00.12345 Z", "2026-11-21T05-16-00.123456Z", "２026-11-21T05:16:00.1234Z",
    ])
  func otherForms(_ text: String) { #expect(Timestamp(text) == nil) }

  @Test(
    "moments that there are not",
    arguments: [
      "2026-02-29", "2026-02-30", "2100-02-29", "1900-02-29", "2024-02-30", "2026-04-31",
      "2026-06-31", "2026-09-31", "2026-11-31", "2026-01-32", "2026-00-10", "2026-13-10",
      "2026-99-10", "2026-10-00", "2026-10-99", "1969-12-31", "0000-01-01", "0000-00-00",
    ])
  func otherDays(_ day: String) { #expect(Timestamp("\(day)T05:16:00.123456Z") == nil) }

  @Test(
    "hours that there are not",
    arguments: ["24:00:00", "25:00:00", "99:00:00", "05:60:00", "05:16:60", "23:59:60", "05:16:99"])
  func otherHours(_ clock: String) { #expect(Timestamp("2026-11-21T\(clock).000000Z") == nil) }

  /// Counts days with the rule of Gregory's calendar alone.
  @Test("every day from 1970 to 2110")
  func everyDay() throws {
    var day: Int64 = 0
    for year in 1970...2110 {
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      for (month, days) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        .enumerated()
      {
        let prefix = "\(year)-\(month < 9 ? "0" : "")\(month + 1)"
        for number in 1...days {
          let text = "\(prefix)-\(number < 10 ? "0" : "")\(number)T00:00:00.000000Z"
          try #require(Timestamp(seconds: day * 86_400).text == text)
          try #require(Timestamp(text)?.seconds == day * 86_400)
          day += 1
        }
      }
    }
  }

  @Test("text leads back and keeps the order", arguments: UInt64(1)...20)
  func roundTrip(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let range: ClosedRange<Int64> = 0...253_402_300_799_999_999
    let times = (0..<100).map { _ in
      Timestamp(microseconds: Int64.random(in: range, using: &random))
    }.sorted()
    for (earlier, later) in zip(times, times.dropFirst()) {
      #expect(Timestamp(earlier.text) == earlier)
      #expect(earlier == later || earlier.text < later.text)
    }
  }

  @Test("units and month")
  func units() throws {
    let time = try #require(Timestamp("2026-11-30T23:59:59.999999Z"))
    #expect(time.seconds == 1_796_083_199)
    #expect(time.month == "2026-11")
    #expect(Timestamp(microseconds: time.microseconds + 1).month == "2026-12")
    #expect(Timestamp(seconds: time.seconds) < time)
    #expect(Timestamp(seconds: 0).month == "1970-01")
  }
}
