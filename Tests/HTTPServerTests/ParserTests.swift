import Testing

@testable import HTTPServer

@Suite struct ParserTests {
  /// A small generator, so that a failing seed can be run again.
  struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  static let requests = [
    "GET /a?b HTTP/1.1\r\nHost: a\r\nConnection: close, keep-alive\r\nExpect: 100-continue\r\n\r\n",
    "POST / HTTP/1.0\r\nContent-Length: 12\r\nX: \t a\r\nHost:b\r\n\r\n",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
  ]

  /// Whatever comes, a head is refused or keeps every promise made of it.
  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func anyHeadIsRefusedOrSound(seed: UInt64) {
    var generator = Generator(state: seed)
    var accepted = 0
    for _ in 0..<5_000 {
      var bytes = Array(Self.requests.randomElement(using: &generator)?.utf8 ?? "".utf8)
      for _ in 0..<Int.random(in: 0...3, using: &generator) { mutate(&bytes, &generator) }
      guard let head = parse(bytes) else { continue }
      accepted += 1
      #expect(head.path.hasPrefix("/"))
      #expect(head.path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
      for field in head.fields {
        #expect(!field.name.isEmpty)
        #expect(head.bytes[field.value].allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 9 })
      }
    }
    #expect(accepted > 500)
  }

  private func mutate(_ bytes: inout [UInt8], _ generator: inout Generator) {
    guard let index = bytes.indices.randomElement(using: &generator) else { return }
    let octets: [UInt8] = [
      0, 9, 10, 13, 32, 44, 58, 59, 0x80, .random(in: 0...255, using: &generator),
    ]
    let octet = octets.randomElement(using: &generator) ?? 0
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: bytes[index] = octet
    case 1: bytes.insert(octet, at: index)
    case 2: bytes.remove(at: index)
    default: bytes.insert(contentsOf: bytes[index...].prefix(20), at: index)
    }
  }

  private func parse(_ bytes: [UInt8]) -> RequestHead? {
    var scanner = HeadScanner()
    guard let end = try? scanner.end(in: bytes, from: 0) else { return nil }
    return try? RequestHead(Array(bytes[..<end]), maximumFields: 10)
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func chunksAreTheSameHoweverCut(seed: UInt64) throws {
    var generator = Generator(state: seed)
    let valid = Array("5;x=y\r\nhello\r\n00a\r\n, world ok\r\n0\r\nA: b\r\n\r\nrest".utf8)
    for _ in 0..<2_000 {
      var bytes = valid
      if Bool.random(using: &generator) { mutate(&bytes, &generator) }
      let whole = decode(bytes, cuts: [])
      let cuts = (0..<4).map { _ in Int.random(in: 0...bytes.count, using: &generator) }
      #expect(decode(bytes, cuts: cuts.sorted()) == whole)
    }
    #expect(decode(valid, cuts: []) == "hello, world ok|rest")
  }

  /// Body and what follows the message, or the refusal.
  private func decode(_ bytes: [UInt8], cuts: [Int]) -> String {
    var decoder = ChunkedDecoder(maximumBody: 100, maximumOverhead: 100)
    var body: [UInt8] = []
    var used = 0
    do throws(Refusal) {
      for cut in cuts + [bytes.count] where cut > used && !decoder.isComplete {
        used += try decoder.decode(Array(bytes[..<cut]), from: used, into: &body)
      }
    } catch { return "\(error)" }
    let rest = decoder.isComplete ? bytes[used...] : []
    return String(decoding: body, as: UTF8.self) + "|" + String(decoding: rest, as: UTF8.self)
  }
}
