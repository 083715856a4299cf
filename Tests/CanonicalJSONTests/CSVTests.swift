import CanonicalJSON
import Testing

@Suite("Comma-separated values")
struct CSVTests {
  @Test(
    "cells",
    arguments: [
      (nil, ""),
      (.null, ""),
      (.bool(true), "true"),
      (.integer(-12), "-12"),
      (.string(""), ""),
      (.string("Shop"), "Shop"),
      (.string("Éclair 🎂"), "Éclair 🎂"),
      (.string("a,b"), "\"a,b\""),
      (.string("say \"no\""), "\"say \"\"no\"\"\""),
      (.string("two\nlines"), "\"two\nlines\""),
      (.array([.string("a"), .string("b")]), "a b"),
      (.array([]), ""),
      (.array([.integer(1), .integer(2)]), "\"[1,2]\""),
      (.object([.init("a", .integer(1))]), "\"{\"\"a\"\":1}\""),
    ] as [(JSON?, String)])
  func cells(_ cell: JSON?, _ text: String) {
    #expect(CSV.row([.integer(1), cell, .integer(2)]) == Array("1,\(text),2\r\n".utf8))
  }

  @Test(
    "no text is a formula",
    arguments: [
      ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"),
      ("\t=1", "'\t=1"), ("\r=1", "\"'\r=1\""), ("=a,\"b\"", "\"'=a,\"\"b\"\"\""), ("a=1", "a=1"),
    ])
  func formulas(_ text: String, _ cell: String) {
    #expect(CSV.row([.string(text)]) == Array("\(cell)\r\n".utf8))
    #expect(CSV.row([.array([.string(text)])]) == Array("\(cell)\r\n".utf8))
  }
}
