import Testing

@testable import Replay

@Suite("Tar archives")
struct TarArchiveTests {
  private static let archive = TarArchive([
    .init(name: "empty", content: []), .init(name: "peppers", content: Array("a line\n".utf8)),
    .init(name: "key_01.pem", content: [UInt8](repeating: 7, count: 512)),
    .init(name: String(repeating: "n", count: 100), content: [UInt8](repeating: 0, count: 1_300)),
  ])

  @Test("files come back as they were")
  func roundTrip() {
    #expect(TarArchive(Self.archive.bytes) == Self.archive)
    #expect(Self.archive.bytes.count % 512 == 0)
    #expect(TarArchive(TarArchive([TarArchive.Entry]()).bytes)?.entries == [])
  }

  @Test("a name that leads elsewhere is refused", arguments: ["", ".", "..", "/etc/x", "a/b"])
  func names(_ name: String) {
    #expect(TarArchive(TarArchive([.init(name: name, content: [])]).bytes) == nil)
  }

  @Test("what is no archive, or torn, is refused", arguments: [0, 1, 511, 512, 600, 1_024, 1_535])
  func torn(_ count: Int) {
    #expect(TarArchive(Array(Self.archive.bytes.prefix(count))) == nil)
  }

  @Test("a changed header is refused", arguments: [0, 100, 130, 150, 156, 258, 400])
  func changed(_ place: Int) {
    var bytes = Self.archive.bytes
    bytes[place] ^= 0x10
    #expect(TarArchive(bytes) == nil)
  }
}
