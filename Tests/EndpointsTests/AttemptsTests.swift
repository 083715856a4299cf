import Testing

@testable import Endpoints

@Suite("Counted attempts")
struct AttemptsTests {
  private static let second: Int64 = 1_000_000
  private let key = AttemptKey("client", from: Source(peer: "203.0.113.7"))

  /// Attempts of which so many failed, each as soon as it was admitted, and the time of the last.
  private func failed(_ count: Int) -> (attempts: Attempts, last: Int64) {
    var attempts = Attempts()
    var now = 1_000 * Self.second
    for _ in 0..<count {
      if case .slowed(let seconds) = attempts.verdict(key, at: now) {
        now += Int64(seconds) * Self.second
      }
      attempts.addFailure(key, of: nil, at: now)
    }
    return (attempts, now)
  }

  @Test("four failures hold nobody up")
  func free() {
    let (attempts, last) = failed(4)
    #expect(attempts.verdict(key, at: last) == .counted)
    #expect(Attempts().verdict(key, at: last) == .uncounted)
  }

  @Test("from the fifth on every failure doubles the wait", arguments: [5, 6, 7, 8, 9])
  func slowed(_ count: Int) {
    let (attempts, last) = failed(count)
    let seconds = 1 << (count - 5)
    let end = last + Int64(seconds) * Self.second
    #expect(attempts.verdict(key, at: last) == .slowed(seconds: seconds))
    #expect(attempts.verdict(key, at: end - 1) == .slowed(seconds: 1))
    #expect(attempts.verdict(key, at: end) == .counted)
  }

  @Test("the tenth locks for fifteen minutes, and then the count begins anew")
  func locked() {
    let (attempts, last) = failed(10)
    #expect(attempts.verdict(key, at: last) == .locked(seconds: 900))
    #expect(attempts.verdict(key, at: last + 900 * Self.second - 1) == .locked(seconds: 1))
    #expect(attempts.verdict(key, at: last + 900 * Self.second) == .uncounted)
  }

  @Test("another client and another source are not held up")
  func others() {
    let (attempts, last) = failed(10)
    for other in [
      AttemptKey("client", from: Source(peer: "203.0.113.8")),
      AttemptKey("another", from: Source(peer: "203.0.113.7")),
    ] {
      #expect(attempts.verdict(other, at: last) == .uncounted)
    }
  }

  @Test("a minute without a failure forgets them, a success too")
  func forgotten() {
    var (attempts, last) = failed(9)
    #expect(attempts.verdict(key, at: last + 60 * Self.second - 1) == .counted)
    #expect(attempts.verdict(key, at: last + 60 * Self.second) == .uncounted)
    attempts.clear(key)
    #expect(attempts.verdict(key, at: last) == .uncounted)
    #expect(attempts.count == 0)
  }

  @Test("a failure that is taken back was none")
  func takenBack() {
    var (attempts, last) = failed(10)
    attempts.removeFailure(key)
    #expect(attempts.verdict(key, at: last) == .slowed(seconds: 16))
    for _ in 0..<9 { attempts.removeFailure(key) }
    #expect(attempts.verdict(key, at: last) == .uncounted)
    #expect(attempts.count == 0)
    attempts.removeFailure(key)
    #expect(attempts.count == 0)
  }

  @Test("there is room for so many, and the oldest go first")
  func bounded() {
    var (attempts, last) = failed(10)
    func other(_ number: Int) -> AttemptKey {
      AttemptKey("client \(number)", from: Source(peer: "unix"))
    }
    for number in 0..<Attempts.capacity / 2 {
      attempts.addFailure(other(number), of: nil, at: last)
    }
    #expect(attempts.verdict(key, at: last) == .locked(seconds: 900))
    for number in 0..<Attempts.capacity { attempts.addFailure(other(number), of: nil, at: last) }
    #expect(attempts.count <= Attempts.capacity)
    #expect(attempts.verdict(key, at: last) == .uncounted)
    #expect(attempts.verdict(other(Attempts.capacity - 1), at: last) == .counted)
  }

  @Test("what is over is swept away")
  func swept() {
    var (attempts, last) = failed(1)
    attempts.sweep(at: last + 59 * Self.second)
    #expect(attempts.count == 1)
    attempts.sweep(at: last + 120 * Self.second)
    #expect(attempts.count == 0)
  }
}

@Suite("Sources")
struct SourceTests {
  @Test(
    "IPv4 addresses stand for themselves, IPv6 ones for their /64",
    arguments: [
      ("203.0.113.7", "203.0.113.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
      ("::1", "::/64"), ("unix", "unix"),
    ])
  func text(_ peer: String, _ text: String) {
    #expect(Source(peer: peer).text == text)
  }
}
