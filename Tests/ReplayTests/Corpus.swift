import Cryptography
import Foundation
import Testing

/// A ledger that was recorded: its stored events, and what they must replay to.
struct RecordedLedger: CustomTestStringConvertible, Sendable {
  /// What the log gives up to one position.
  struct Point: Codable, Equatable {
    /// SHA-256 of what `replay as-of --json` prints, in hex.
    let picture: String
    /// Root of the tree over that many events (RFC 6962 §2.1), in base64 as in a checkpoint.
    let root: String
    /// The number of events.
    let size: UInt64
    /// See `StateSnapshot.digest`.
    let state: String
  }

  let name: String
  var testDescription: String { name }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Replay/Corpus").standardized

  static func all() throws -> [RecordedLedger] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".ndjson") }.sorted()
      .map { RecordedLedger(name: String($0.dropLast(".ndjson".count))) }
  }

  /// The stored bytes of each event.
  func events() throws -> [[UInt8]] {
    let bytes = try Data(contentsOf: Self.folder.appending(path: name + ".ndjson"))
    return bytes.split(separator: UInt8(ascii: "\n")).map { [UInt8]($0) }
  }

  private var pointsFile: URL { Self.folder.appending(path: name + ".points.json") }

  func points() throws -> [Point] {
    try JSONDecoder().decode([Point].self, from: Data(contentsOf: pointsFile))
  }

  func write(_ points: [Point]) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try (try encoder.encode(points) + Data("\n".utf8)).write(to: pointsFile)
  }
}

/// The tree head of some leaves, as RFC 6962 §2.1 defines it; at least one.
func treeHead(_ leaves: ArraySlice<SHA256Digest>) -> SHA256Digest {
  guard leaves.count > 1 else { return leaves.first! }
  var left = 1
  while left * 2 < leaves.count { left *= 2 }
  let both = treeHead(leaves.prefix(left)).bytes + treeHead(leaves.dropFirst(left)).bytes
  return SHA256.hash([0x01].span, both.span)
}
