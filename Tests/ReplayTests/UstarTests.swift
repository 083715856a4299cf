import Testing

@testable import Replay

@Suite("ustar archives")
struct UstarTests {
  private let archive =
    Ustar.entry("a", []) + Ustar.entry("folder/b", Array("text".utf8))
    + Ustar.entry("c", [UInt8](repeating: 7, count: 512)) + Ustar.end

  private func names(_ bytes: [UInt8]) -> [String]? {
    try? Ustar.entries(bytes).map(\.name)
  }

  @Test("files are read back")
  func roundTrip() throws {
    let entries = try Ustar.entries(archive)
    #expect(entries.map(\.name) == ["a", "folder/b", "c"])
    #expect(entries.map(\.content.count) == [0, 4, 512])
    #expect(Array(archive[entries[1].content]) == Array("text".utf8))
    #expect(names(Ustar.end) == [])
  }

  @Test("no bit of header, padding or end can be another")
  func bits() throws {
    let contents = try Ustar.entries(archive).map(\.content)
    for place in archive.indices where !contents.contains(where: { $0.contains(place) }) {
      var damaged = archive
      damaged[place] ^= 1 << UInt8(place % 8)
      // The first bit of a name may name another file.
      #expect(names(damaged) != ["a", "folder/b", "c"], "\(place)")
    }
  }

  @Test("an archive ends where it says")
  func ends() {
    for count in archive.indices { #expect(names(Array(archive[..<count])) == nil) }
    #expect(names(archive + [0]) == nil)
    #expect(names(Ustar.entry("a", []) + archive) == nil)
  }
}
