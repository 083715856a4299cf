import CanonicalJSON
import Testing

/// A text and its canonical form.
struct Vector: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let input: String
  let output: String

  init(_ name: String, _ input: String, _ output: String) {
    testDescription = name
    self.input = input
    self.output = output
  }
}

@Suite("Published RFC 8785 material, as far as it holds no floats")
struct PublishedVectorTests {
  /// From the test data of github.com/cyberphone/json-canonicalization and RFC 8785 §3.2.
  /// `structures` had `56.0`, `values` its list of floats; both are left out or written as
  /// integers.
  static let vectors = [
    Vector(
      "arrays", "[\n  56,\n  {\n    \"d\": true,\n    \"10\": null,\n    \"1\": [ ]\n  }\n]\n",
      #"[56,{"1":[],"10":null,"d":true}]"#),
    Vector(
      "french",
      """
      {
        "peach": "This sorting order",
        "péché": "is wrong according to French",
        "pêche": "but canonicalization MUST",
        "sin":   "ignore locale"
      }
      """,
      #"{"peach":"This sorting order","péché":"is wrong according to French","#
        + #""pêche":"but canonicalization MUST","sin":"ignore locale"}"#),
    Vector(
      "structures",
      #"""
      {
        "1": {"f": {"f": "hi","F": 5} ,"\n": 56},
        "10": { },
        "": "empty",
        "a": { },
        "111": [ {"e": "yes","E": "no" } ],
        "A": { }
      }
      """#,
      #"{"":"empty","1":{"\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{"E":"no","e":"yes"}],"#
        + #""A":{},"a":{}}"#),
    Vector(
      "unicode", #"{ "Unnormalized Unicode":"A\u030a" }"#,
      "{\"Unnormalized Unicode\":\"A\u{30a}\"}"),
    Vector(
      "values (RFC 8785 §3.2.2, without the numbers)",
      #"""
      {
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
        "literals": [null, true, false]
      }
      """#,
      #"{"literals":[null,true,false],"string":"€$\u000f\nA'B\"\\\\\"/"}"#),
    Vector(
      "weird",
      #"""
      {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\u000a": "Newline",
        "1": "One",
        "\u0080": "Control\u007f",
        "\ud83d\ude02": "Smiley",
        "\u00f6": "Latin Small Letter O With Diaeresis",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "</script>": "Browser Challenge"
      }
      """#,
      #"{"\n":"Newline","\r":"Carriage Return","1":"One","</script>":"Browser Challenge","#
        + "\"\u{80}\":\"Control\u{7f}\",\"ö\":\"Latin Small Letter O With Diaeresis\","
        + "\"€\":\"Euro Sign\",\"😂\":\"Smiley\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}"),
    Vector(
      "property sorting (RFC 8785 §3.2.3)",
      #"""
      {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\ud83d\ude00": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis"
      }
      """#,
      #"{"\r":"Carriage Return","1":"One","#
        + "\"\u{80}\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\","
        + "\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\","
        + "\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}"),
  ]

  @Test(arguments: vectors)
  func canonicalForm(_ vector: Vector) throws {
    let output = try JSON.parse(Array(vector.input.utf8)).canonicalBytes()
    #expect(output == Array(vector.output.utf8))
  }

  @Test(arguments: vectors)
  func canonicalFormReadsBackAsItself(_ vector: Vector) throws {
    let output = Array(vector.output.utf8)
    #expect(try JSON.parseCanonical(output).canonicalBytes() == output)
  }

  @Test(arguments: vectors)
  func theOriginalIsNotCanonical(_ vector: Vector) {
    #expect(code { try JSON.parseCanonical(Array(vector.input.utf8)) } == .notCanonical)
  }

  @Test("every control character is written as RFC 8785 §3.2.2.2 says")
  func controlCharacters() {
    let short: [UInt32: String] = [8: "b", 9: "t", 10: "n", 12: "f", 13: "r"]
    for value in UInt32(0)..<0x20 {
      let escape = short[value] ?? "u00" + (value < 16 ? "0" : "") + String(value, radix: 16)
      let text = String(Unicode.Scalar(value)!)
      #expect(JSON.string(text).canonicalBytes() == Array("\"\\\(escape)\"".utf8))
    }
    #expect(JSON.string("\u{7f}\u{2028}/").canonicalBytes() == Array("\"\u{7f}\u{2028}/\"".utf8))
  }
}

/// The code of the error that the closure throws; nil when it throws none.
func code(_ body: () throws -> JSON) -> JSONError.Code? {
  do {
    _ = try body()
    return nil
  } catch {
    return (error as? JSONError)?.code
  }
}
