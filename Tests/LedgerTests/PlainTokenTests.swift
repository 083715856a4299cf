import CanonicalJSON
import Foundation
import Ledger
import Support
import Testing

@Suite("Tokens known by their stored bytes")
struct PlainTokenTests {
  /// Whether what is taken is what the event says; true of what is not taken.
  private static func agreesWithEvent(_ bytes: [UInt8]) throws -> Bool {
    guard let token = PlainToken(storedBytes: bytes.span) else { return true }
    _ = try JSON.parseCanonical(bytes)
    let event = try Event(canonicalBytes: bytes)
    return token == PlainToken(event) && event.part == nil
  }

  static func goldens() throws -> [Golden] {
    try Golden.all().filter { $0.type == TokenIssued.type }
  }

  @Test("every golden token is known", arguments: try goldens())
  func golden(_ golden: Golden) throws {
    #expect(PlainToken(storedBytes: golden.bytes.span) != nil)
    #expect(try Self.agreesWithEvent(golden.bytes))
  }

  @Test("no other golden is taken for one")
  func others() throws {
    for golden in try Golden.all() where golden.type != TokenIssued.type {
      #expect(PlainToken(storedBytes: golden.bytes.span) == nil, "\(golden.name)")
    }
  }

  @Test(
    "whatever byte is changed, removed or doubled: what is taken is an event",
    arguments: try goldens())
  func everyByte(_ golden: Golden) throws {
    let replacements = Array(" \"\\,:{}[]019azAZ_-\u{7F}\t".utf8) + [0, 0x80, 0xC3, 0xFF]
    for place in golden.bytes.indices {
      var changes = replacements.map { [$0] }
      changes += [[], [golden.bytes[place], golden.bytes[place]]]
      for change in changes {
        var bytes = golden.bytes
        bytes.replaceSubrange(place...place, with: change)
        #expect(try Self.agreesWithEvent(bytes), "\(String(decoding: bytes, as: UTF8.self))")
      }
    }
  }

  @Test("what is cut short is not taken", arguments: try goldens())
  func truncated(_ golden: Golden) {
    for count in golden.bytes.indices {
      #expect(PlainToken(storedBytes: Array(golden.bytes.prefix(count)).span) == nil)
    }
  }

  @Test(
    "what an event refuses is not taken",
    arguments: [
      ("\"scope\":\"coreapi\"", "\"scope\":\"\""), ("\"scope\":\"coreapi\"", "\"scope\":\"a  b\""),
      ("\"scope\":\"coreapi\"", "\"scope\":\"a b a\""), ("\"revision\":2", "\"revision\":3"),
      ("\"scope\":\"coreapi\"", "\"scope\":\"a b c d e f g h a\""),
      ("\"exp\":1795241760", "\"exp\":0"), ("\"exp\":1795241760", "\"exp\":9007199254740992"),
      ("\"exp\":1795241760", "\"exp\":253402300800"),
      ("\"position\":26", "\"position\":-1"), ("\"key\":\"key_", "\"key\":\"sec_"),
      ("T05:16:00", "T25:16:00"), ("\"subject\":\"tok_", "\"subject\":\"chg_"),
      ("\"domain\":\"shop.example\"", "\"domain\":\"shop..example\""),
      ("\"revision\":2", "\"revision\":1"), ("\"kind\":\"client\"", "\"kind\":\"system\""),
    ])
  func refused(_ from: String, _ to: String) throws {
    let golden = try Golden.named("token.issued.2.domain.json")
    let text = String(decoding: golden.bytes, as: UTF8.self)
    let bytes = Array(text.replacing(from, with: to).utf8)
    #expect(bytes != golden.bytes)
    #expect(PlainToken(storedBytes: bytes.span) == nil)
    #expect(throws: (any Error).self) { try Event(canonicalBytes: bytes) }
  }
}
