import CanonicalJSON
import Ledger
import Testing

@Suite("Fields of a request")
struct FieldReaderTests {
  @Test("a body that is no object", arguments: ["null", "[]", "\"text\"", "1", "true"])
  func noObject(_ text: String) throws {
    let json = try JSON.parse(Array(text.utf8))
    #expect(throws: Rejection.invalidFields([FieldProblem("", "the body must be a JSON object")])) {
      try FieldReader(json)
    }
  }

  @Test("all problems are told at once, in the order of the questions")
  func everyProblem() throws {
    let text = """
      {"name":"","count":7,"currency":"usd","account":"cli_01h455vb4pex5vsknk084sn02q",\
      "mode":"sandbox","scope":"","uri":"ftp://example","words":[],"extra":1,"zeta":null}
      """
    #expect(
      try Self.fields(of: text) { reader in
        _ = reader.name("name", scalars: 1...5)
        _ = reader.integer("count", in: 1...5)
        _ = reader.currency("currency")
        _ = reader.identifier("account", .account)
        _ = reader.choice("mode", Mode.live, among: Mode.allCases)
        _ = reader.scope("scope")
        _ = reader.optionalAddress("uri")
        reader.complete("words", ["one"])
        reader.report("more", "is what the caller found")
      } == [
        "name", "count", "currency", "account", "mode", "scope", "uri", "words", "more", "extra",
        "zeta",
      ])
  }

  @Test("what is required and absent or null")
  func required() throws {
    for text in ["{}", "{\"a\":null,\"b\":null,\"c\":null,\"d\":null,\"e\":null,\"f\":null}"] {
      let problems = try Self.problems(of: text) { reader in
        _ = reader.name("a", scalars: 0...5)
        _ = reader.integer("b", in: 1...5)
        _ = reader.currency("c")
        _ = reader.identifier("d", .plan)
        _ = reader.choice("e", Mode?.none, among: Mode.allCases)
        _ = reader.scope("f")
      }
      #expect(problems == ["a", "b", "c", "d", "e", "f"].map { FieldProblem($0, "is required") })
    }
  }

  @Test("what is optional and absent or null", arguments: ["{}", "{\"a\":null,\"b\":null}"])
  func optional(_ text: String) throws {
    var reader = try FieldReader(JSON.parse(Array(text.utf8)))
    #expect(reader.optionalName("a", scalars: 1...5) == nil)
    #expect(reader.optionalIdentifier("a", .client) == nil)
    #expect(reader.optionalAddress("a") == nil)
    #expect(reader.integer("b", in: 1...5, default: 3) == 3)
    #expect(reader.choice("b", .test, among: Mode.allCases) == Mode.test)
    try reader.finish()
  }

  enum Mode: String, CaseIterable {
    case live
    case test
  }

  /// The fields that are wrong.
  static func fields(
    of text: String, _ read: (inout FieldReader) -> Void
  ) throws -> [String] {
    try problems(of: text, read).map(\.field)
  }

  static func problems(
    of text: String, _ read: (inout FieldReader) -> Void
  ) throws -> [FieldProblem] {
    var reader = try FieldReader(JSON.parse(Array(text.utf8)))
    read(&reader)
    do {
      try reader.finish()
      return []
    } catch {
      guard case .invalidFields(let problems) = error else { throw error }
      return problems
    }
  }

  /// Whether the value of a field is taken.
  static func takes(_ value: JSON, _ read: (inout FieldReader) -> Void) throws -> Bool {
    let body = JSON.object([.init("field", value)])
    return try fields(of: String(decoding: body.canonicalBytes(), as: UTF8.self), read).isEmpty
  }
}

@Suite("Rules of single fields")
struct FieldRuleTests {
  @Test("names have a length in code points")
  func nameLength() throws {
    for (name, isTaken) in [
      ("", false), ("a", false), ("ab", true), ("abcd", true), ("abcde", false), ("😀😀", true),
      ("😀😀😀😀", true), ("😀😀😀😀😀", false), ("日本", true),
    ] {
      #expect(try Self.isName(name, 2...4) == isTaken, "\(name)")
    }
    #expect(try Self.isName("", 0...4))
  }

  /// Unicode's composed form: e and a combining acute accent are é, one code point.
  @Test("names are composed, and counted then")
  func composed() throws {
    let body = JSON.object([.init("field", .string("Cafe\u{301}"))])
    var reader = try FieldReader(body)
    let name = reader.name("field", scalars: 4...4)
    try reader.finish()
    #expect(Array(name.unicodeScalars) == Array("Caf\u{E9}".unicodeScalars))
  }

  @Test(
    "names without control characters and white space at the ends",
    arguments: [
      " ab", "ab ", "a\u{0}b", "a\u{1F}b", "a\tb", "a\nb", "ab\n", "a\u{7F}b", "a\u{85}b",
      "a\u{9F}b", "\u{A0}ab", "ab\u{2003}", "ab\u{3000}", "\u{2028}ab", "\r\n", "  ",
    ])
  func unfitNames(_ name: String) throws { #expect(try !Self.isName(name, 1...9)) }

  @Test(
    "names that look like others",
    arguments: [
      "a\u{200D}b", "a\u{200C}b", "a\u{200B}b", "a\u{FEFF}b", "a\u{AD}b", "a\u{2060}b",
      "a\u{202E}b", "a\u{2066}b", "a\u{115F}b", "a\u{3164}b", "a\u{34F}b", "a\u{FE0F}b",
      "a\u{E0041}b", "a\u{E000}b", "a\u{378}b", "a\u{2028}b", "a\u{2800}b", "\u{1F468}\u{200D}b",
      "1\u{FE0F}b",
    ])
  func deceptiveNames(_ name: String) throws { #expect(try !Self.isName(name, 1...9)) }

  @Test(
    "names with what is in between",
    arguments: [
      "a b", "a\u{A0}b", "a\"\\b", "\u{1F468}\u{200D}\u{1F469}", "\u{2764}\u{FE0F}",
      "\u{1F3F3}\u{FE0F}\u{200D}\u{1F308}", "\u{645}\u{62D}", "\u{915}\u{94D}\u{937}",
    ])
  func fitNames(_ name: String) throws { #expect(try Self.isName(name, 1...9)) }

  @Test("integers")
  func integers() throws {
    for (value, isTaken) in [
      (0, false), (1, true), (86_400, true), (86_401, false), (-1, false),
    ] as [(Int64, Bool)] {
      let taken = try FieldReaderTests.takes(.integer(value)) { reader in
        _ = reader.integer("field", in: 1...86_400, default: 3_600)
      }
      #expect(taken == isTaken, "\(value)")
    }
    for other in [JSON.string("1"), .bool(true), .array([]), .object([])] {
      #expect(
        try !FieldReaderTests.takes(other) { reader in _ = reader.integer("field", in: 1...5) })
    }
  }

  @Test("identifiers are of one kind")
  func identifiers() throws {
    for (text, isTaken) in [
      ("acc_01h455vb4pex5vsknk084sn02q", true), ("prj_01h455vb4pex5vsknk084sn02q", false),
      ("acc_01H455VB4PEX5VSKNK084SN02Q", false), ("acc_", false), ("", false),
    ] {
      let required = try FieldReaderTests.takes(.string(text)) { reader in
        _ = reader.identifier("field", .account)
      }
      let optional = try FieldReaderTests.takes(.string(text)) { reader in
        _ = reader.optionalIdentifier("field", .account)
      }
      #expect(required == isTaken && optional == isTaken, "\(text)")
    }
  }

  @Test("scopes have one to fifty values")
  func scopes() throws {
    for (count, isTaken) in [(0, false), (1, true), (50, true), (51, false)] {
      let text = (0..<count).map { "s\($0)" }.joined(separator: " ")
      let taken = try FieldReaderTests.takes(.string(text)) { reader in
        _ = reader.scope("field")
      }
      #expect(taken == isTaken, "\(count)")
    }
  }

  @Test("choices are words of a list")
  func choices() throws {
    for (word, isTaken) in [("live", true), ("test", true), ("Live", false), ("", false)] {
      let taken = try FieldReaderTests.takes(.string(word)) { reader in
        _ = reader.choice("field", .live, among: FieldReaderTests.Mode.allCases)
      }
      #expect(taken == isTaken, "\(word)")
    }
  }

  @Test(
    "web addresses",
    arguments: [
      ("https://api.example", true), ("http://127.0.0.1:8080/a?b=c#d", true),
      ("HTTPS://API.EXAMPLE", true), ("http://[::1]:8080/", true), ("ftp://api.example", false),
      ("//api.example", false), ("api.example", false), ("https:", false), ("https://", false),
      ("https:///path", false), ("javascript:alert(1)", false), ("https://a b", false),
      ("https://api.example/ü", false), ("https://user@api.example", false),
      ("https://user:word@api.example", false), ("https://api.example\n", false), ("", false),
    ])
  func addresses(_ text: String, _ isTaken: Bool) throws {
    let taken = try FieldReaderTests.takes(.string(text)) { reader in
      _ = reader.optionalAddress("field")
    }
    #expect(taken == isTaken)
  }

  @Test("web addresses have at most 2,048 characters")
  func addressLength() throws {
    for (count, isTaken) in [(2_048, true), (2_049, false)] {
      let text = "https://api.example/" + String(repeating: "x", count: count - 20)
      let taken = try FieldReaderTests.takes(.string(text)) { reader in
        _ = reader.optionalAddress("field")
      }
      #expect(taken == isTaken)
    }
  }

  @Test(
    "a complete list holds every word once and nothing else",
    arguments: [
      ("[\"one\",\"two\"]", true), ("[\"two\",\"one\"]", true), ("[\"one\"]", false),
      ("[\"one\",\"one\"]", false), ("[\"one\",\"two\",\"two\"]", false),
      ("[\"one\",\"two\",\"three\"]", false), ("[\"one\",\"two\",3]", false),
      ("[\"one\",\"two\",null]", false), ("[]", false), ("\"one two\"", false), ("{}", false),
    ])
  func complete(_ list: String, _ isTaken: Bool) throws {
    let taken = try FieldReaderTests.takes(JSON.parse(Array(list.utf8))) { reader in
      reader.complete("field", ["one", "two"])
    }
    #expect(taken == isTaken)
  }

  @Test("problems in a list say which item and field")
  func list() throws {
    let text = """
      {"rates":[{"amount":1},{"amount":-1,"more":2},"text",{},{"parts":[{"size":0}]}]}
      """
    let problems = try FieldReaderTests.problems(of: text) { reader in
      let amounts = reader.list("rates", count: 1...5) { item in
        let amount = item.integer("amount", in: 0...9)
        _ = item.list("parts", count: 1...2) { part in part.integer("size", in: 1...9) }
        return amount
      }
      #expect(amounts.first == 1)
    }
    #expect(
      problems.map(\.field) == [
        "rates[0].parts", "rates[1].amount", "rates[1].parts", "rates[1].more", "rates[2]",
        "rates[3].amount", "rates[3].parts", "rates[4].amount", "rates[4].parts[0].size",
      ])
  }

  @Test("lists have a length", arguments: [(0, false), (1, true), (2, true), (3, false)])
  func listLength(_ count: Int, _ isTaken: Bool) throws {
    let value = JSON.array(Array(repeating: .object([]), count: count))
    let taken = try FieldReaderTests.takes(value) { reader in
      _ = reader.list("field", count: 1...2) { _ in 0 }
    }
    #expect(taken == isTaken)
  }

  private static func isName(_ name: String, _ scalars: ClosedRange<Int>) throws -> Bool {
    let required = try FieldReaderTests.takes(.string(name)) { reader in
      _ = reader.name("field", scalars: scalars)
    }
    let optional = try FieldReaderTests.takes(.string(name)) { reader in
      _ = reader.optionalName("field", scalars: scalars)
    }
    #expect(required == optional)
    return required
  }
}
