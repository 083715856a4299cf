import CanonicalJSON
import Testing

@Suite("Members found in canonical bytes")
struct MemberFinderTests {
  static let object = Array(
    #"{"a":{"b":"inner","c":[]},"ab":[1,{"b":2}],"b":"x\"y","c":-7,"d":""}"#.utf8)

  @Test("are found by name, looked for one by one or all at once", arguments: [false, true])
  func values(_ isIndexed: Bool) throws {
    let finder = isIndexed ? MemberFinder(indexing: Self.object) : MemberFinder(Self.object)
    func text(_ name: String) -> String? {
      finder.value(of: Array(name.utf8)).map { String(decoding: Self.object[$0], as: UTF8.self) }
    }
    #expect(text("a") == #"{"b":"inner","c":[]}"#)
    #expect(text("ab") == #"[1,{"b":2}]"#)
    #expect(text("b") == #""x\"y""#)
    #expect(text("c") == "-7")
    #expect(text("d") == #""""#)
    for name in ["", "e", "inner", "abc"] { #expect(text(name) == nil) }
    let inner = try #require(finder.value(of: Array("a".utf8)))
    let found = try #require(finder.value(of: Array("b".utf8), in: inner))
    #expect(finder.text(found) == Array("inner".utf8))
  }

  @Test("an empty object has none")
  func empty() {
    #expect(MemberFinder(indexing: Array("{}".utf8)).value(of: Array("a".utf8)) == nil)
  }
}
