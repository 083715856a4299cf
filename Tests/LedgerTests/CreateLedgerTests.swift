import Ledger
import Testing

@Suite("Issuer and origin of a ledger")
struct CreateLedgerTests {
  /// RFC 8414 §2.
  @Test(
    "issuers",
    arguments: [
      ("https://ledger.example", true), ("http://127.0.0.1:8080", true),
      ("https://ledger.example/tenant", false), ("https://ledger.example/", false),
      ("https://ledger.example?a=b", false), ("https://ledger.example#a", false),
      ("ledger.example", false), ("", false),
    ])
  func issuers(_ issuer: String, _ isTaken: Bool) {
    #expect(Self.problems(issuer: issuer, origin: "ledger.example") == (isTaken ? [] : ["issuer"]))
  }

  /// C2SP signed-note: a key's name has no Unicode white space and no plus sign.
  @Test(
    "origins",
    arguments: [
      ("ledger.example", true), ("ledger.example/log", true), ("größe.example", true),
      ("", false), ("a b", false), ("a+b", false), ("a\nb", false), ("a\u{7F}b", false),
      ("a\u{85}b", false), ("a\u{A0}b", false), ("a\u{2003}b", false), ("a\u{3000}b", false),
    ])
  func origins(_ origin: String, _ isTaken: Bool) {
    let problems = Self.problems(issuer: "https://ledger.example", origin: origin)
    #expect(problems == (isTaken ? [] : ["origin"]))
  }

  @Test("origins have at most 255 bytes")
  func originLength() {
    for (origin, isTaken) in [
      (String(repeating: "x", count: 255), true), (String(repeating: "x", count: 256), false),
      (String(repeating: "ü", count: 128), false),
    ] {
      let problems = Self.problems(issuer: "https://ledger.example", origin: origin)
      #expect(problems == (isTaken ? [] : ["origin"]))
    }
  }

  private static func problems(issuer: String, origin: String) -> [String] {
    let id = Identifier(.ledger, milliseconds: 0, entropy: (0, 0))
    do {
      _ = try CreateLedger(id: id, issuer: issuer, origin: origin)
      return []
    } catch {
      guard case .invalidFields(let problems) = error else { return ["\(error)"] }
      return problems.map(\.field)
    }
  }
}
