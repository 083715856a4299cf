import CanonicalJSON
import Cryptography
import Foundation
import Journal
import MerkleLog
import Notary

extension Measure {
  /// Grows a log of small records, has it signed at each size, and publishes what a server would.
  ///
  /// - Parameters:
  ///   - path: an empty directory for the ledger.
  ///   - folder: an empty directory for what is published.
  ///   - sizes: at which the log is signed, the smallest first.
  @available(*, noasync)
  static func log(_ path: String, in folder: String, _ sizes: [Int]) throws -> [JSON.Member] {
    let directory = DataDirectory(path)
    try directory.create()
    let journal = try LMDBJournal.open(directory.journal, create: true)
    let signing = try Signing(directory, journal, origin: "interop.example/log", mayBegin: true)
    let publisher = Publisher(folder: folder, reader: try journal.makeReader())
    try publisher.write(Array(signing.signer.verifier.text.utf8), "key")
    for size in sizes {
      try journal.reserve()
      try journal.append((Int(journal.head)..<size).map(record), at: journal.head)
      guard try signing.sign() else { throw Misuse(what: "sizes must grow") }
      try publisher.publish(signing.publication, after: sizes.filter { $0 <= size })
    }
    return [.init("events", journal.head)]
  }

  /// Records of 0 to 299 bytes.
  private static func record(_ position: Int) -> [UInt8] {
    (0..<position % 300).map { UInt8(truncatingIfNeeded: position &* 31 &+ $0 &* 7) }
  }
}

/// Files as the paths below `/log/` would be answered, those that depend on the size of the log in a
/// folder for each size.
private struct Publisher {
  let folder: String
  let reader: any JournalReader

  func publish(_ publication: Publication, after sizes: [Int]) throws {
    let size = publication.size
    let tiles = publication.tiles(reader)
    let tree = MerkleTree(size: size, tiles: tiles)
    let note = publication.checkpoint.note
    try write(note.bytes, "\(size)/checkpoint")
    try publishTiles(size, tiles)
    for position in positions(size) {
      let hashes = try tree.inclusionProof(of: position)
      let proof = LogProof(index: position, hashes: hashes, checkpoint: note)
      try write(proof.bytes, "\(size)/proof/\(position)")
    }
    for old in sizes {
      let hashes = try tree.consistencyProof(from: UInt64(old))
      let texts = hashes.map { JSON.string(Base64.encode($0.bytes)) }
      let answer = JSON.object([.init("hashes", .array(texts))])
      try write(answer.canonicalBytes(), "\(size)/consistency/\(old)")
    }
  }

  /// Both sides of the edges of tiles, and both ends.
  private func positions(_ size: UInt64) -> Set<UInt64> {
    let edges: [UInt64] = [0, 256, 512, size / 2, 65_280, 65_536, size / 256 * 256, size]
    let near = edges.flatMap { [$0 &- 2, $0 &- 1, $0, $0 + 1] }
    return Set(near.filter { $0 < size })
  }

  private func publishTiles(_ size: UInt64, _ reader: KnownTiles) throws {
    for (level, edge) in Tile.edge(ofTreeOfSize: size).enumerated() {
      let full = (0..<size >> (8 * level) / 256).map { Tile(level: level, index: $0) }
      for tile in full + [edge].compactMap({ $0 }) {
        try write(Tile.encode(reader.hashes(of: tile)), tile.path)
        if level == 0 { try publishEntries(EntryBundle(index: tile.index, width: tile.width)) }
      }
    }
  }

  private func publishEntries(_ bundle: EntryBundle) throws {
    let records = try reader.events(
      from: bundle.start, limit: bundle.width, maximumBytes: .max)
    try write(EntryBundle.encode(records)!, bundle.path)
  }

  func write(_ bytes: [UInt8], _ path: String) throws {
    let file = URL(filePath: folder).appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }
}
