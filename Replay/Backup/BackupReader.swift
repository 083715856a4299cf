import Cryptography
import Journal
import MerkleLog

/// Reads the events of a backup in order, and finds every file that is not what it must be: events,
/// tiles, and what the files that speak of the whole say.
struct BackupReader {
  /// A head that the tree must have at its size, and the file that says so.
  struct Claim {
    let head: TreeHead
    let source: String
  }

  let directory: BackupDirectory
  /// Where reading begins, a multiple of 256; the files before it are not looked at.
  let start: UInt64
  let end: UInt64
  let claims: [Claim]

  /// - Parameter consume: is given the events of each file, once they are found to be right by the
  ///   files around them.
  func read(_ consume: ([[UInt8]]) throws -> Void) throws {
    var edge = try TreeEdge(size: start, tiles: directory)
    try check(edge, [])
    while edge.size < end {
      let width = min(end - edge.size, UInt64(Tile.fullWidth))
      let bundle = EntryBundle(index: edge.size / UInt64(Tile.fullWidth), width: Int(width))
      let records = try directory.records(of: bundle)
      for (place, record) in records.enumerated() {
        try edge.append(recordHash(record)) { try check($0, $1) }
        try check(edge, records[...place])
      }
      try consume(records)
    }
  }

  private func check(_ tile: Tile, _ hashes: [SHA256Digest]) throws {
    guard try directory.hashes(of: tile) != hashes else { return }
    let below =
      tile.level == 0
      ? EntryBundle(index: tile.index, width: tile.width).path : "the tiles under it"
    throw directory.damaged(tile.path, "it does not fit \(below)")
  }

  /// Checks what is said of a size, when the tree has it.
  private func check(_ edge: TreeEdge, _ records: ArraySlice<[UInt8]>) throws {
    guard claims.contains(where: { $0.head.size == edge.size }) else { return }
    for tile in Tile.edge(ofTreeOfSize: edge.size).compactMap(\.self) {
      try check(tile, edge.hashes(of: tile)!)
      try checkBundle(over: tile, records)
    }
    for claim in claims where claim.head.size == edge.size && claim.head != edge.head {
      throw BackupError(
        .damaged,
        "the first \(edge.size) events of \(directory.path) do not have the root that \(claim.source) says"
      )
    }
  }

  private func checkBundle(over tile: Tile, _ records: ArraySlice<[UInt8]>) throws {
    let bundle = EntryBundle(index: tile.index, width: tile.width)
    guard tile.level == 0, UInt64(tile.width) != end - bundle.start else { return }
    guard try directory.records(of: bundle) == Array(records) else {
      throw directory.damaged(bundle.path, "it differs from the file that it grew to")
    }
  }
}
