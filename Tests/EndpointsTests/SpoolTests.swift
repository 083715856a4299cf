import HTTPServer
import Testing

@testable import Endpoints

@Suite("Bodies that are written before they are sent")
struct SpoolTests {
  @Test("what was written comes back, from memory or from a file", arguments: [0, 10, 3_000])
  func roundTrip(_ count: Int) throws {
    let spool = Spool()
    var expected = Array("head".utf8)
    for number in 0..<count {
      let row = Array(repeating: UInt8(truncatingIfNeeded: number), count: 1 + number % 1_000)
      try spool.append(row)
      expected += row
    }
    let body = spool.body(after: Array("head".utf8), before: Array("tail".utf8))
    #expect(try bytes(body, isStream: count > 10) == expected + Array("tail".utf8))
  }

  private func bytes(_ body: Response.Body, isStream: Bool) throws -> [UInt8] {
    switch body {
    case .none: return []
    case .bytes(let bytes):
      #expect(!isStream)
      return bytes
    case .stream(let stream):
      #expect(isStream)
      var bytes: [UInt8] = []
      while let part = try stream.next() { bytes += part }
      #expect(try stream.next() == nil)
      return bytes
    }
  }
}
