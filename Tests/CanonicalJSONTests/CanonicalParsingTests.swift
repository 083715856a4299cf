import CanonicalJSON
import Testing

@Suite("Reading the canonical form alone")
struct CanonicalParsingTests {
  @Test(
    "valid texts that are not canonical, and where",
    arguments: [
      (" 1", 0), ("1 ", 1), ("[ 1]", 1), ("[1 ]", 2), ("[1, 2]", 3), (#"{"a" :1}"#, 4),
      (#"{"a": 1}"#, 5), ("[]\n", 2), (#"{"b":1,"a":2}"#, 7), (#""\u0041""#, 1),
      (#""\u001F""#, 1), (#""a\/b""#, 2), (#""\u000a""#, 1), (#""\u0022""#, 1), (#""\u0020""#, 1),
      (#""\u007f""#, 1), (#""\u00e9""#, 1), (#""\ud83d\ude02""#, 1),
      (#"{"\ufb33":1,"😀":2}"#, 2), ("{\"\u{fb33}\":1,\"😀\":2}", 9),
    ] as [(String, Int)])
  func notCanonical(_ text: String, _ offset: Int) throws {
    _ = try JSON.parse(Array(text.utf8))
    #expect(throws: JSONError(.notCanonical, at: offset)) {
      try JSON.parseCanonical(Array(text.utf8))
    }
  }

  @Test(
    "canonical texts",
    arguments: [
      "null", "[]", "{}", "-1", "0", #""\u0000\u001f\b\t\n\f\r\"\\/""#, #"{"":1,"A":2,"a":3}"#,
      "{\"\u{d7ff}\":0,\"😀\":1,\"\u{e000}\":2,\"\u{fb33}\":3}", "\"\u{7f}é\"",
    ])
  func canonical(_ text: String) throws {
    #expect(try JSON.parseCanonical(Array(text.utf8)).canonicalBytes() == Array(text.utf8))
  }

  @Test("what no JSON reader may accept is refused for that reason")
  func otherErrors() {
    #expect(code { try JSON.parseCanonical(Array(#"{"a":1,"a":2}"#.utf8)) } == .duplicateName)
    #expect(code { try JSON.parseCanonical(Array("[1]]".utf8)) } == .trailingBytes)
    #expect(code { try JSON.parseCanonical(Array("[1.5]".utf8)) } == .numberNotInteger)
  }

  @Test("any tree comes back from its bytes", arguments: UInt64(0)..<64)
  func roundTrip(seed: UInt64) throws {
    var trees = RandomTrees(seed: seed)
    for _ in 0..<50 {
      let tree = trees.tree(depth: 4)
      let bytes = tree.canonicalBytes()
      #expect(try JSON.parse(bytes) == tree)
      #expect(try JSON.parseCanonical(bytes) == tree)
      #expect(trees.shuffled(tree).canonicalBytes() == bytes)
    }
  }

  @Test("one changed byte gives an error or a tree with other bytes", arguments: UInt64(0)..<16)
  func mutation(seed: UInt64) {
    var trees = RandomTrees(seed: seed)
    let bytes = trees.tree(depth: 4).canonicalBytes()
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= UInt8(1) << UInt8(trees.next() % 8)
      guard let tree = try? JSON.parseCanonical(changed) else { continue }
      #expect(tree.canonicalBytes() == changed)
    }
  }
}
