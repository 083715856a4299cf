import CanonicalJSON
import Testing

@Suite("Writing members one by one")
struct JSONWriterTests {
  @Test("the pieces make one canonical text")
  func pieces() throws {
    var writer = JSONWriter(reservingCapacity: 16)
    writer.beginObject()
    writer.name("array")
    writer.beginArray()
    writer.null()
    writer.bool(true)
    writer.bool(false)
    writer.beginArray()
    writer.endArray()
    writer.beginObject()
    writer.endObject()
    writer.string("a\u{1}b\"é")
    writer.integer(-7)
    writer.endArray()
    writer.member("ascii", ascii: Array("cli_01k".utf8))
    writer.name("inner")
    writer.beginObject()
    writer.member("a", "x")
    writer.endObject()
    writer.member("number", 9_007_199_254_740_991)
    writer.member("text", "\\")
    writer.name("value")
    writer.value(.object([.init("z", .integer(0)), .init("a", .array([.null, .string("")]))]))
    writer.endObject()

    let expected =
      #"{"array":[null,true,false,[],{},"a\u0001b\"é",-7],"ascii":"cli_01k","inner":{"a":"x"},"#
      + #""number":9007199254740991,"text":"\\","value":{"a":[null,""],"z":0}}"#
    #expect(writer.bytes == Array(expected.utf8))
    #expect(try JSON.parseCanonical(writer.bytes).canonicalBytes() == writer.bytes)
  }

  @Test(
    "integers",
    arguments: [
      0, 1, 9, 10, 99, 100, 1_000_000, -1, -10, JSON.integers.lowerBound, JSON.integers.upperBound,
    ] as [Int64])
  func integers(_ value: Int64) {
    var writer = JSONWriter(reservingCapacity: 0)
    writer.integer(value)
    #expect(writer.bytes == Array(String(value).utf8))
  }

  @Test("what cannot be written stops the program")
  func preconditions() async {
    await #expect(processExitsWith: .failure) {
      _ = JSON.integer(9_007_199_254_740_992).canonicalBytes()
    }
    await #expect(processExitsWith: .failure) {
      _ = JSON.object([.init("a", .null), .init("b", .null), .init("a", .null)]).canonicalBytes()
    }
    await #expect(processExitsWith: .failure) {
      var writer = JSONWriter(reservingCapacity: 0)
      writer.beginObject()
      writer.member("b", 1)
      writer.member("a", 1)
    }
  }
}
