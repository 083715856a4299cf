import Cryptography
import Journal
import MerkleLog

/// Rebuilds the tree over the log, record by record, and compares it with what is stored of it and
/// with what was signed of it.
struct TreeChecker {
  private(set) var edge = TreeEdge()
  private let tiles: StoredTiles
  /// What is still ahead, the smallest last.
  private var expected: [ExpectedHead]

  init(_ reader: any JournalReader, expecting heads: [ExpectedHead]) {
    tiles = StoredTiles(reader: reader)
    expected = heads.sorted { $0.head.size > $1.head.size }
  }

  /// What was signed of the empty log is its root too.
  mutating func begin() throws(Verification.Fault) { try checkRoots() }

  mutating func append(_ records: [SHA256Digest]) throws(Verification.Fault) {
    let tiles = tiles
    for record in records {
      var fault: Verification.Fault?
      edge.append(record) { tile, hashes in fault = fault ?? tiles.fault(of: tile, hashes) }
      if let fault { throw fault }
      try checkRoots()
    }
  }

  /// Compares the records of a tile that is not full with the tile that is stored, if one is: its
  /// other records could not be read.
  func finishEarly() throws(Verification.Fault) {
    guard let tile = Tile.edge(ofTreeOfSize: edge.size).first ?? nil,
      let hashes = edge.hashes(of: tile), try tiles.isStored(tile),
      let fault = tiles.fault(of: tile, hashes)
    else { return }
    throw fault
  }

  /// The log ends here: it has all that was signed, and no tile that it does not fill.
  func finish() throws(Verification.Fault) {
    if let missing = expected.first {
      throw Verification.Fault(
        nil,
        "\(missing.name) is for \(missing.head.size) events and the log has \(edge.size): "
          + "its end is missing")
    }
    for level in 0...Tile.edge(ofTreeOfSize: edge.size).count {
      let tile = Tile(level: level, index: edge.size >> (8 * (level + 1)))
      if try tiles.isStored(tile), try !tiles.haveGrown(beyond: edge.size) {
        throw Verification.Fault(edge.size, "\(tile.path) is stored and the log ends before it")
      }
    }
  }

  private mutating func checkRoots() throws(Verification.Fault) {
    while let next = expected.last, next.head.size == edge.size {
      guard next.head == edge.head else {
        throw Verification.Fault(
          nil,
          """
          \(next.name) is not of this log: for its \(next.head.size) events it has the root \
          \(Base64.encode(next.head.root.bytes)), the log's first \(edge.size) have \
          \(Base64.encode(edge.root.bytes))
          """)
      }
      expected.removeLast()
    }
  }
}

/// The tiles that the journal has, beside those that they should be.
private struct StoredTiles {
  let reader: any JournalReader

  func isStored(_ tile: Tile) throws(Verification.Fault) -> Bool { try bytes(of: tile) != nil }

  /// What is wrong with a stored tile.
  ///
  /// - Parameter hashes: as they were rebuilt, the first ones of the tile.
  func fault(of tile: Tile, _ hashes: [SHA256Digest]) -> Verification.Fault? {
    guard reader.hasTiles else { return nil }
    do throws(Verification.Fault) {
      guard let stored = try bytes(of: tile) else {
        return Verification.Fault(tile.firstPosition, "\(tile.whole.path) is missing")
      }
      return Self.difference(tile, hashes, stored)
    } catch {
      return error
    }
  }

  private static func difference(
    _ tile: Tile, _ hashes: [SHA256Digest], _ stored: [UInt8]
  ) -> Verification.Fault? {
    let path = tile.whole.path
    guard stored.count == Tile.fullWidth * SHA256Digest.count else {
      return Verification.Fault(tile.firstPosition, "\(path) has \(stored.count) bytes")
    }
    let bytes = Tile.encode(hashes)
    guard let place = bytes.indices.first(where: { bytes[$0] != stored[$0] }) else { return nil }
    let index = UInt64(place / SHA256Digest.count)
    guard tile.level > 0 else {
      return Verification.Fault(
        event: tile.firstPosition + index, "does not have the hash that stands in \(path)")
    }
    let below = Tile(level: tile.level - 1, index: tile.index * UInt64(Tile.fullWidth) + index)
    return Verification.Fault(
      below.firstPosition, "\(path) does not have the hash of \(below.path)")
  }

  private func bytes(of tile: Tile) throws(Verification.Fault) -> [UInt8]? {
    do {
      return try reader.storedTile(tile)
    } catch {
      throw Verification.Fault(tile.firstPosition, "\(tile.whole.path) cannot be read: \(error)")
    }
  }

  /// Whether a server has added events since the log was looked at.
  func haveGrown(beyond size: UInt64) throws(Verification.Fault) -> Bool {
    do {
      return try reader.head() > size
    } catch {
      throw Verification.Fault(nil, "the log's end cannot be read: \(error)")
    }
  }
}

extension Tile {
  /// The position of the first record under it.
  fileprivate var firstPosition: UInt64 { index << (8 * (level + 1)) }
}
