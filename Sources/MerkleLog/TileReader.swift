package import Cryptography

/// Where the tiles of a tree are.
package protocol TileReader {
  /// The hashes of a tile, as many as it is wide.
  ///
  /// - Throws: when the tree does not have them all.
  func hashes(of tile: Tile) throws -> [SHA256Digest]
}

extension Tile {
  /// The bytes of a tile: its hashes, one behind the other.
  package static func encode(_ hashes: [SHA256Digest]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(hashes.count * SHA256Digest.count)
    for hash in hashes { hash.append(to: &bytes) }
    return bytes
  }

  /// The hashes of a tile's bytes; nil unless there are 1 to 256 whole ones.
  package static func decode(_ bytes: Span<UInt8>) -> [SHA256Digest]? {
    let count = bytes.count / SHA256Digest.count
    guard bytes.count == count * SHA256Digest.count, (1...fullWidth).contains(count) else {
      return nil
    }
    return (0..<count).map { index in
      let start = index * SHA256Digest.count
      return SHA256Digest(bytes: bytes.extracting(start..<start + SHA256Digest.count))!
    }
  }
}
