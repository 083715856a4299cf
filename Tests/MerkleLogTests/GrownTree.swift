import Cryptography
import MerkleLog

/// A tree that is grown record by record, all its tiles in memory.
struct GrownTree: TileReader {
  struct Missing: Error {}

  private(set) var edge = TreeEdge()
  private(set) var full: [Tile: [SHA256Digest]] = [:]
  private(set) var records: [SHA256Digest] = []

  /// With records that are their positions in decimal.
  init(size: Int) {
    for position in 0..<size { append(Array("\(position)".utf8)) }
  }

  init(_ records: [[UInt8]]) {
    for record in records { append(record) }
  }

  mutating func append(_ record: [UInt8]) {
    records.append(recordHash(record))
    edge.append(recordHash(record)) { full[$0] = $1 }
  }

  func hashes(of tile: Tile) throws -> [SHA256Digest] {
    if let hashes = full[tile.whole] { return Array(hashes.prefix(tile.width)) }
    guard let hashes = edge.hashes(of: tile) else { throw Missing() }
    return hashes
  }

  /// RFC 6962 §2.1 word for word.
  static func root(of records: ArraySlice<SHA256Digest>) -> SHA256Digest {
    if records.isEmpty { return SHA256.hash([]) }
    if records.count == 1 { return records.first! }
    var width = 1
    while width * 2 < records.count { width *= 2 }
    return nodeHash(root(of: records.prefix(width)), root(of: records.dropFirst(width)))
  }

  func head(_ size: Int) -> TreeHead {
    TreeHead(size: UInt64(size), root: Self.root(of: records.prefix(size)))
  }
}
