import CanonicalJSON
import Testing

@Suite("Reading JSON")
struct ParsingTests {
  @Test(
    "what is refused, and where",
    arguments: [
      (#"{"a":1,"a":2}"#, JSONError(.duplicateName, at: 7)),
      (#"{"a":1,"\u0061":2}"#, JSONError(.duplicateName, at: 7)),
      (#"{"b":1,"a":2,"b":3}"#, JSONError(.duplicateName, at: 13)),
      (#"{"b":1,"c":0,"a":2,"\u0063":3}"#, JSONError(.duplicateName, at: 19)),
      (#"["\ud83d"]"#, JSONError(.loneSurrogate, at: 2)),
      (#"["\ud83dx"]"#, JSONError(.loneSurrogate, at: 2)),
      (#"["\ud83d\n"]"#, JSONError(.loneSurrogate, at: 2)),
      (#"["\ud83d\ud83d"]"#, JSONError(.loneSurrogate, at: 2)),
      (#"["\ud83d\u0041"]"#, JSONError(.loneSurrogate, at: 2)),
      (#"["ab\ude02"]"#, JSONError(.loneSurrogate, at: 4)),
      ("[-0]", JSONError(.numberNotInteger, at: 1)),
      ("[-0.0]", JSONError(.numberNotInteger, at: 1)),
      ("[1.0]", JSONError(.numberNotInteger, at: 1)),
      ("[1e2]", JSONError(.numberNotInteger, at: 1)),
      ("[1E400]", JSONError(.numberNotInteger, at: 1)),
      ("[0e0]", JSONError(.numberNotInteger, at: 1)),
      ("[99999999999999999999.5]", JSONError(.numberNotInteger, at: 1)),
      ("9007199254740992", JSONError(.integerOutOfRange, at: 0)),
      ("9007199254740993", JSONError(.integerOutOfRange, at: 0)),
      ("-9007199254740993", JSONError(.integerOutOfRange, at: 0)),
      ("18446744073709551617", JSONError(.integerOutOfRange, at: 0)),
      ("9223372036854775808", JSONError(.integerOutOfRange, at: 0)),
      ("01", JSONError(.unexpectedByte, at: 1)),
      ("-01", JSONError(.unexpectedByte, at: 2)),
      ("+1", JSONError(.unexpectedByte, at: 0)),
      ("-a", JSONError(.unexpectedByte, at: 1)),
      ("-", JSONError(.unexpectedEnd, at: 1)),
      (".5", JSONError(.unexpectedByte, at: 0)),
      ("\"a\u{0}\"", JSONError(.unexpectedByte, at: 2)),
      ("\"a\n\"", JSONError(.unexpectedByte, at: 2)),
      ("\"\\u0041\u{1f}\"", JSONError(.unexpectedByte, at: 7)),
      (#""\x""#, JSONError(.unexpectedByte, at: 2)),
      (#""\u00g0""#, JSONError(.unexpectedByte, at: 5)),
      (#""\U0041""#, JSONError(.unexpectedByte, at: 2)),
      ("[1,]", JSONError(.unexpectedByte, at: 3)),
      ("[1 2]", JSONError(.unexpectedByte, at: 3)),
      ("[1}", JSONError(.unexpectedByte, at: 2)),
      (#"{"a":1,}"#, JSONError(.unexpectedByte, at: 7)),
      (#"{"a" 1}"#, JSONError(.unexpectedByte, at: 5)),
      ("{a:1}", JSONError(.unexpectedByte, at: 1)),
      ("{1:1}", JSONError(.unexpectedByte, at: 1)),
      ("tru", JSONError(.unexpectedEnd, at: 3)),
      ("truE", JSONError(.unexpectedByte, at: 3)),
      ("NaN", JSONError(.unexpectedByte, at: 0)),
      ("\u{feff}1", JSONError(.unexpectedByte, at: 0)),
      ("", JSONError(.unexpectedEnd, at: 0)),
      (" ", JSONError(.unexpectedEnd, at: 1)),
      ("nullx", JSONError(.trailingBytes, at: 4)),
      ("{} {}", JSONError(.trailingBytes, at: 3)),
      ("1 \u{c}", JSONError(.trailingBytes, at: 2)),
    ] as [(String, JSONError)])
  func refused(_ text: String, _ expected: JSONError) {
    #expect(throws: expected) { try JSON.parse(Array(text.utf8)) }
  }

  @Test(
    "bytes that are not UTF-8",
    arguments: [
      ([0x80], 0), ([0xc0, 0xaf], 0), ([0xc1, 0xbf], 0), ([0xe0, 0x80, 0x80], 0),
      ([0xed, 0xa0, 0x80], 0), ([0xed, 0xbf, 0xbf], 0), ([0xf0, 0x8f, 0xbf, 0xbf], 0),
      ([0xf4, 0x90, 0x80, 0x80], 0), ([0xf5, 0x80, 0x80, 0x80], 0), ([0xff], 0),
      ([0x61, 0xe2, 0x82], 1), ([0xc3, 0xb6, 0xc3], 2),
    ] as [([UInt8], Int)])
  func invalidUTF8(_ sequence: [UInt8], _ offset: Int) {
    let quote = UInt8(ascii: "\"")
    let plain = [quote] + sequence + [quote]
    #expect(throws: JSONError(.invalidUTF8, at: 1 + offset)) { try JSON.parse(plain) }
    let afterEscape = Array(#""\n"#.utf8) + sequence + [quote]
    #expect(throws: JSONError(.invalidUTF8, at: 3 + offset)) { try JSON.parse(afterEscape) }
    let asName = Array(#"{""#.utf8) + sequence + Array(#"":1}"#.utf8)
    #expect(throws: JSONError(.invalidUTF8, at: 2 + offset)) { try JSON.parse(asName) }
  }

  @Test("every byte at every place of a string", arguments: UInt8.min...UInt8.max)
  func everyByte(_ byte: UInt8) {
    for place in 0..<18 {
      var text = [UInt8](repeating: UInt8(ascii: "!"), count: 18)
      text[place] = byte
      let read = Result { () throws(JSONError) in try JSON.parse([0x22] + text + [0x22]) }
      switch byte {
      case 0x22: #expect(read == .failure(JSONError(.trailingBytes, at: place + 2)))
      case 0x5c where place < 17:
        #expect(read == .failure(JSONError(.unexpectedByte, at: place + 2)))
      case 0x5c: #expect(read == .failure(JSONError(.unexpectedEnd, at: 20)))
      case ..<0x20: #expect(read == .failure(JSONError(.unexpectedByte, at: place + 1)))
      case 0x80...: #expect(read == .failure(JSONError(.invalidUTF8, at: place + 1)))
      default: #expect(read == .success(.string(String(decoding: text, as: UTF8.self))))
      }
    }
  }

  @Test("a character cut by an escape is not put together again")
  func cutCharacter() {
    let bytes = [0x22, 0xe2, 0x82] + Array(#"\u0041"#.utf8) + [0xac, 0x22]
    #expect(throws: JSONError(.invalidUTF8, at: 1)) { try JSON.parse(bytes) }
  }

  @Test("every kind of value, with white space")
  func values() throws {
    let text = "\t{ \"a\" : [ null , true,false, 0, -1,\r\n9007199254740991 ],\"b\":{ } ,\"c\":[]} "
    let expected = JSON.object([
      .init(
        "a",
        .array([
          .null, .bool(true), .bool(false), .integer(0), .integer(-1),
          .integer(9_007_199_254_740_991),
        ])),
      .init("b", .object([])), .init("c", .array([])),
    ])
    #expect(try JSON.parse(Array(text.utf8)) == expected)
    #expect(try JSON.parse(Array("-9007199254740991".utf8)) == .integer(-9_007_199_254_740_991))
  }

  @Test("escapes")
  func escapes() throws {
    let text = #""\"\\\/\b\f\n\r\tx\u00e9\uD83D\uDe02\u0000y\uffff""#
    let expected = "\"\\/\u{8}\u{c}\n\r\tx\u{e9}\u{1f602}\u{0}y\u{ffff}"
    #expect(try JSON.parse(Array(text.utf8)) == .string(expected))
  }

  @Test("members keep the order in which they were written")
  func order() throws {
    let value = try JSON.parse(Array(#"{"b":1,"a":2,"c":3}"#.utf8))
    #expect(value.members?.map(\.name) == ["b", "a", "c"])
    #expect(value["a"]?.integer == 2)
    #expect(value["d"] == nil)
  }

  @Test("composed and decomposed forms are different names and different strings")
  func normalization() throws {
    let value = try JSON.parse(Array(#"{"\u00e9":1,"e\u0301":2}"#.utf8))
    #expect(value.members?.count == 2)
    #expect(value["\u{e9}"] == .integer(1))
    #expect(value["e\u{301}"] == .integer(2))
    #expect(JSON.string("\u{e9}") != JSON.string("e\u{301}"))
    #expect(JSON.Member("\u{e9}", .null) != JSON.Member("e\u{301}", .null))
    #expect(value.canonicalBytes() == Array("{\"e\u{301}\":2,\"\u{e9}\":1}".utf8))
  }

  @Test("nesting to the limit and not beyond", arguments: [("[", "]"), (#"{"a":"#, "}")])
  func depth(_ open: String, _ close: String) throws {
    func nested(_ depth: Int) -> [UInt8] {
      let open = String(repeating: open, count: depth)
      return Array((open + "1" + String(repeating: close, count: depth)).utf8)
    }
    _ = try JSON.parse(nested(32))
    #expect(code { try JSON.parse(nested(33)) } == .tooDeep)
    #expect(code { try JSON.parse(nested(3), maximumDepth: 2) } == .tooDeep)
    #expect(code { try JSON.parseCanonical(nested(33)) } == .tooDeep)
    #expect(try JSON.parse(Array("1".utf8), maximumDepth: 0) == .integer(1))
    #expect(
      code { try JSON.parse([UInt8](repeating: UInt8(ascii: "["), count: 1 << 20)) } == .tooDeep)
  }

  @Test("a document cut anywhere is refused")
  func truncation() throws {
    let text = #"{"a":[null,true,-12,"é\u00e9\ud83d\ude02\n"],"b":{"c":false},"d":""}"#
    let bytes = Array(text.utf8)
    _ = try JSON.parse(bytes)
    for length in bytes.indices {
      let cut = Array(bytes[..<length])
      #expect(code { try JSON.parse(cut) } == .unexpectedEnd, "\(length)")
    }
  }

  @Test("many names out of order are read in linear time and checked for duplicates")
  func manyNames() throws {
    let names = (0..<50_000).reversed().map { #""\#($0)":0"# }
    let text = "{" + names.joined(separator: ",")
    #expect(try JSON.parse(Array((text + "}").utf8)).members?.count == 50_000)
    #expect(code { try JSON.parse(Array((text + #","7":1}"#).utf8)) } == .duplicateName)
  }

  @Test("errors read as a sentence")
  func description() {
    #expect(String(describing: JSONError(.tooDeep, at: 7)) == "nested too deep at byte 7")
  }

  @Test("accessors answer for their own case alone")
  func accessors() {
    let values: [JSON] = [
      .null, .bool(false), .integer(0), .string(""), .array([]), .object([]),
    ]
    #expect(values.map { $0.bool != nil } == [false, true, false, false, false, false])
    #expect(values.map { $0.integer != nil } == [false, false, true, false, false, false])
    #expect(values.map { $0.string != nil } == [false, false, false, true, false, false])
    #expect(values.map { $0.array != nil } == [false, false, false, false, true, false])
    #expect(values.map { $0.members != nil } == [false, false, false, false, false, true])
    for (index, value) in values.enumerated() {
      #expect(values.firstIndex(of: value) == index)
    }
  }
}
