import Ledger
import Support
import Testing

/// Vectors of the TypeID specification, version 0.3 (`spec/valid.yml`, `spec/invalid.yml`), under
/// a prefix of the ledger.
@Suite("Identifiers")
struct IdentifierTests {
  @Test(
    "published valid suffixes",
    arguments: [
      ("00000000000000000000000000", "00000000000000000000000000000000"),
      ("00000000000000000000000001", "00000000000000000000000000000001"),
      ("0000000000000000000000000a", "0000000000000000000000000000000a"),
      ("0000000000000000000000000g", "00000000000000000000000000000010"),
      ("00000000000000000000000010", "00000000000000000000000000000020"),
      ("7zzzzzzzzzzzzzzzzzzzzzzzzz", "ffffffffffffffffffffffffffffffff"),
      ("0123456789abcdefghjkmnpqrs", "0110c8531d0952d8d73e1194e95b5f19"),
      ("01h455vb4pex5vsknk084sn02q", "01890a5dac96774bbcceb302099a8057"),
    ])
  func valid(_ suffix: String, _ hexadecimal: String) throws {
    let identifier = try #require(Identifier("cli_\(suffix)"))
    #expect(identifier.kind == .client)
    #expect(Self.hexadecimal(identifier.bytes) == hexadecimal)
    #expect(identifier.text == "cli_\(suffix)")
    #expect(Identifier(.client, bytes: identifier.bytes) == identifier)
  }

  @Test(
    "published invalid suffixes",
    arguments: [
      "", "1234567890123456789012345", "123456789012345678901234567", "1234567890123456789012345 ",
      "0123456789ABCDEFGHJKMNPQRS", "123456789-123456789-123456", "ooooooiiiiiiuuuuuuulllllll",
      "i23456789ol23456789oi23456", "123456789-0123456789-0123456", "8zzzzzzzzzzzzzzzzzzzzzzzzz",
      "zzzzzzzzzzzzzzzzzzzzzzzzzz", "0000000000000000000000000é", "000000000000000000000000é",
    ])
  func invalid(_ suffix: String) {
    #expect(Identifier("cli_\(suffix)") == nil)
  }

  @Test("every character outside the alphabet is refused, wherever it stands")
  func alphabet() {
    let alphabet = Set("0123456789abcdefghjkmnpqrstvwxyz".utf8)
    for byte in UInt8(0)..<128 {
      let character = String(UnicodeScalar(byte))
      let zeros = String(repeating: "0", count: 25)
      #expect((Identifier("tok_\(zeros)\(character)") != nil) == alphabet.contains(byte), "\(byte)")
      let isFirst = (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(byte)
      #expect((Identifier("tok_\(character)\(zeros)") != nil) == isFirst, "\(byte)")
    }
  }

  @Test(
    "prefixes that are refused",
    arguments: [
      "", "_", "cli", "CLI_", "clis_", "cl_", "cli-", "cli__", "usr_", "tsr_", " cli_",
      "ćli_",
    ])
  func prefixes(_ prefix: String) {
    #expect(Identifier("\(prefix)01h455vb4pex5vsknk084sn02q") == nil)
  }

  @Test("one kind only", arguments: Identifier.Kind.allCases)
  func kinds(_ kind: Identifier.Kind) {
    let text = "\(kind.rawValue)_01h455vb4pex5vsknk084sn02q"
    #expect(Identifier(text)?.kind == kind)
    for wanted in Identifier.Kind.allCases {
      #expect((Identifier(text, wanted) != nil) == (wanted == kind))
    }
  }

  /// RFC 9562 §5.7: 48 bits of time, version 7, 12 bits, variant 10, 62 bits.
  @Test("time and entropy make a UUIDv7")
  func layout() {
    let identifier = Identifier(
      .token, milliseconds: 0x0189_0a5d_ac96, entropy: (0x74b, 0xf33a_cc08_266a_015c))
    #expect(identifier.text == "tok_01h455vb4pex5vsknk084sn02q")
    let full = Identifier(.token, milliseconds: .max, entropy: (.max, .max))
    #expect(Self.hexadecimal(full.bytes) == "ffffffffffff7fffbfffffffffffffff")
    let empty = Identifier(.token, milliseconds: 0, entropy: (0, 0))
    #expect(Self.hexadecimal(empty.bytes) == "00000000000070008000000000000000")
  }

  @Test("text and bytes lead back", arguments: UInt64(1)...20)
  func roundTrip(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<100 {
      let kind = try #require(Identifier.Kind.allCases.randomElement(using: &random))
      let bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
      let identifier = try #require(Identifier(kind, bytes: bytes))
      #expect(identifier.bytes == bytes)
      #expect(identifier.ascii == Array(identifier.text.utf8))
      #expect(Identifier(identifier.text, kind) == identifier)
    }
  }

  @Test("text, bytes and time have one order", arguments: UInt64(1)...20)
  func order(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let milliseconds = (0..<50).map { _ in UInt64.random(in: 0..<1 << 48, using: &random) }
    let identifiers = Set(milliseconds).sorted().map {
      Identifier(.token, milliseconds: $0, entropy: (random.next(), random.next()))
    }
    for (earlier, later) in zip(identifiers, identifiers.dropFirst()) {
      #expect(earlier.bytes.lexicographicallyPrecedes(later.bytes))
      #expect(earlier.ascii.lexicographicallyPrecedes(later.ascii))
    }
  }

  @Test("fewer than sixteen bytes are none")
  func short() {
    #expect(Identifier(.key, bytes: [UInt8](repeating: 0, count: 15)) == nil)
    #expect(Identifier(.key, bytes: [UInt8]()) == nil)
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
