import Ledger
import Testing

/// RFC 6749 §3.3.
@Suite("Scopes")
struct ScopeTests {
  @Test(
    "values keep their order",
    arguments: [
      ("coreapi", ["coreapi"]),
      ("coreapi billing.read", ["coreapi", "billing.read"]),
      ("b a", ["b", "a"]),
      ("a A", ["a", "A"]),
      ("ab a b abc", ["ab", "a", "b", "abc"]),
      ("https://api.example/read!#$[]~ x", ["https://api.example/read!#$[]~", "x"]),
    ])
  func values(_ text: String, _ values: [String]) throws {
    let scope = try #require(Scope(text))
    #expect(scope.values.map(String.init) == values)
    #expect(scope.count == values.count)
    #expect(scope.text == text)
  }

  @Test(
    "other text is no scope",
    arguments: [
      "", " ", "a  b", " a", "a ", "a a", "a b a", "a ab b ab",
      "a b c d e f g h a", "a b c d e f g a", "a b c d e f g h i j k h", "a\tb", "a\nb", "a\"b",
      "a\\b", "a\u{7F}",
      "a\u{0}", "größe", "a\u{A0}b", "a \u{301}b",
    ])
  func refused(_ text: String) { #expect(Scope(text) == nil) }

  @Test("every character but those of RFC 6749 is refused")
  func characters() {
    for byte in UInt8(0)..<128 {
      let isAllowed = byte == 0x21 || (0x23...0x5B).contains(byte) || (0x5D...0x7E).contains(byte)
      #expect((Scope("a\(UnicodeScalar(byte))") != nil) == isAllowed, "\(byte)")
    }
  }

  @Test("at most a thousand bytes")
  func length() {
    #expect(Scope(String(repeating: "x", count: 1_000)) != nil)
    #expect(Scope(String(repeating: "x", count: 1_001)) == nil)
  }

  @Test("narrower is a question of values, not of order")
  func subset() throws {
    let wide = try #require(Scope("a b c"))
    #expect(try #require(Scope("c a")).isSubset(of: wide))
    #expect(wide.isSubset(of: wide))
    #expect(Scope.none.isSubset(of: wide))
    #expect(!(try #require(Scope("a d")).isSubset(of: wide)))
    #expect(!(try #require(Scope("A")).isSubset(of: wide)))
    #expect(!wide.isSubset(of: .none))
  }

  @Test("permissions are read and written")
  func permissions() throws {
    let scope = try #require(Scope("coreapi clients:read clients:unheard-of audit:read"))
    #expect(scope.permissions == [.readClients, .readAudit])
    let all = Scope(Permission.allCases)
    #expect(Scope(all.text) == all)
    #expect(all.permissions == Set(Permission.allCases))
  }
}
