import Testing

@testable import Endpoints

@Suite("Whole lists on their way")
struct SendingsTests {
  @Test("one more than the limit is refused until another has ended")
  func limit() throws {
    let sendings = Sendings()
    for _ in 0..<Sendings.limit { try sendings.begin() }
    for _ in 0..<3 {
      let refusal = try #require(throws: Problem.self) { try sendings.begin() }
      #expect(refusal.status == 503)
    }
    sendings.end()
    try sendings.begin()
    #expect(throws: Problem.self) { try sendings.begin() }
  }
}
