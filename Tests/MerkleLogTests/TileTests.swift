import Cryptography
import MerkleLog
import Testing

@Suite("Tiles")
struct TileTests {
  @Test("a tile's path is the specification's, both ways")
  func paths() {
    let known: [(Tile, String)] = [
      (Tile(level: 0, index: 0), "tile/0/000"),
      (Tile(level: 0, index: 1_234_067), "tile/0/x001/x234/067"),
      (Tile(level: 3, index: 999, width: 1), "tile/3/999.p/1"),
      (Tile(level: 63, index: 1_000, width: 255), "tile/63/x001/000.p/255"),
    ]
    for (tile, path) in known {
      #expect(tile.path == path)
      #expect(Tile(path: path) == tile)
    }
    #expect(EntryBundle(index: 1_234_067, width: 7).path == "tile/entries/x001/x234/067.p/7")
    #expect(EntryBundle(path: "tile/entries/x001/000") == EntryBundle(index: 1_000))
  }

  @Test(
    "a path that is written otherwise is none",
    arguments: [
      "", "tile", "tile/", "tile/0", "tile/0/", "tile/0/0", "tile/0/0000", "tile/00/000",
      "tile/-1/000", "tile/+1/000", "tile/64/000", "tile/0/x000/001", "tile/0/001/002",
      "tile/0/x001/x002", "tile/0/1/000", "tile/0/X001/000", "tile/0/000.p/0",
      "tile/0/000.p/256", "tile/0/000.p/257", "tile/0/000.p/01", "tile/0/000.p/", "tile/0/000.p",
      "tile/0/000.p/1/", "tile/0/000/", "/tile/0/000", "tile/0/x999999999999999999999/000",
      "tile/8/0/000", "tile/entries/000", "tile/0/٠٠٠",
    ])
  func refusedPaths(_ path: String) {
    #expect(Tile(path: path) == nil)
  }

  @Test("a path of a tile is none of an entry bundle", arguments: ["tile/0/000", "tile/entries/0"])
  func refusedBundles(_ path: String) { #expect(EntryBundle(path: path) == nil) }

  @Test("a tree of 70,000 records has the tiles that the specification counts")
  func edge() {
    #expect(
      Tile.edge(ofTreeOfSize: 70_000) == [
        Tile(level: 0, index: 273, width: 112), Tile(level: 1, index: 1, width: 17),
        Tile(level: 2, index: 0, width: 1),
      ])
    #expect(
      Tile.edge(ofTreeOfSize: 256) == [nil, Tile(level: 1, index: 0, width: 1)])
    let tree = GrownTree(size: 70_000)
    #expect(tree.full.keys.filter { $0.level == 0 }.count == 273)
    #expect(tree.full.keys.filter { $0.level == 1 }.count == 1)
    #expect(tree.full.count == 274)
  }

  @Test("a tree has the tiles that its records fill, to the last hash")
  func extent() {
    #expect(Tile(level: 0, index: 1, width: 44).isWithin(treeOfSize: 300))
    #expect(!Tile(level: 0, index: 1, width: 45).isWithin(treeOfSize: 300))
    #expect(!Tile(level: 0, index: 2, width: 1).isWithin(treeOfSize: 300))
    #expect(Tile(level: 1, index: 0, width: 1).isWithin(treeOfSize: 300))
    #expect(!Tile(level: 1, index: 0, width: 2).isWithin(treeOfSize: 300))
    #expect(!Tile(level: 63, index: 0, width: 1).isWithin(treeOfSize: .max))
    #expect(!Tile(level: 0, index: .max, width: 1).isWithin(treeOfSize: .max))
  }

  @Test("hash i of a tile is the root over the records below it")
  func hashes() throws {
    let tree = GrownTree(size: 1_000)
    for index in 0..<3 {
      let range = index * 256..<(index + 1) * 256
      let expected = GrownTree.root(of: tree.records[range])
      #expect(try tree.hashes(of: Tile(level: 1, index: 0, width: 3))[index] == expected)
    }
  }

  @Test("bytes of tiles and bundles come back; torn ones are nothing")
  func bytes() throws {
    let hashes = [recordHash([1]), recordHash([2])]
    let bytes = Tile.encode(hashes)
    #expect(bytes.count == 64)
    #expect(Tile.decode(bytes.span) == hashes)
    #expect(Tile.decode(Array(bytes.dropLast()).span) == nil)
    #expect(Tile.decode([UInt8]().span) == nil)
    let records: [[UInt8]] = [[], [1], [UInt8](repeating: 7, count: 65_535)]
    let bundle = try #require(EntryBundle.encode(records))
    #expect(EntryBundle.encode([[UInt8](repeating: 0, count: 65_536)]) == nil)
    #expect(bundle.count == 65_542)
    #expect(bundle.prefix(5) == [0, 0, 0, 1, 1])
    #expect(EntryBundle.decode(bundle) == records)
    #expect(EntryBundle.decode(Array(bundle.dropLast())) == nil)
    #expect(EntryBundle.decode(bundle + [0]) == nil)
  }
}
