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
    try check(edge, [], of: nil)
    while edge.size < end {
      let width = min(end - edge.size, UInt64(Tile.fullWidth))
      let bundle = EntryBundle(index: edge.size / UInt64(Tile.fullWidth), width: Int(width))
      let records = try directory.records(of: bundle)
      for (place, record) in records.enumerated() {
        try edge.append(recordHash(record)) { try check($0, $1, of: bundle) }
        try check(edge, records[...place], of: bundle)
      }
      try consume(records)
    }
  }

  /// - Parameter bundle: the file of events that was just read.
  private func check(_ tile: Tile, _ hashes: [SHA256Digest], of bundle: EntryBundle?) throws {
    guard try directory.hashes(of: tile) != hashes else { return }
    let below = tile.level == 0 ? bundle?.path : nil
    throw directory.damaged(tile.path, "it does not fit \(below ?? "the tiles under it")")
  }

  /// Checks what is said of a size, when the tree has it.
  private func check(
    _ edge: TreeEdge, _ records: ArraySlice<[UInt8]>, of bundle: EntryBundle?
  ) throws {
    guard claims.contains(where: { $0.head.size == edge.size }) else { return }
    for tile in Tile.edge(ofTreeOfSize: edge.size).compactMap(\.self) {
      try check(tile, edge.hashes(of: tile)!, of: bundle)
    }
    if let bundle { try check(records, from: bundle) }
    for claim in claims where claim.head.size == edge.size && claim.head != edge.head {
      throw BackupError(
        .damaged,
        "the first \(edge.size) events of \(directory.path) do not have the root that \(claim.source) says"
      )
    }
  }

  /// Checks the file of the first events of a bundle that grew since.
  private func check(_ records: ArraySlice<[UInt8]>, from bundle: EntryBundle) throws {
    let smaller = EntryBundle(index: bundle.index, width: records.count)
    guard smaller != bundle, records.count < Tile.fullWidth else { return }
    guard try directory.records(of: smaller) == Array(records) else {
      throw directory.damaged(smaller.path, "it does not fit \(bundle.path)")
    }
  }
}
