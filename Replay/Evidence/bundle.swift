import CanonicalJSON
import Cryptography
package import Journal
package import Ledger
package import MerkleLog

/// What an evidence bundle holds.
package struct Evidence: Sendable {
  package let checkpoint: Checkpoint
  /// Events in it.
  package let events: Int
  /// Those among them that name the subject.
  package let naming: Int
  /// Events that name the subject and are newer than the checkpoint: not in the bundle.
  package let leftOut: Int
}

/// A bundle cannot be made of what there is.
package struct EvidenceError: Error, Sendable, CustomStringConvertible {
  package let description: String
}

/// Writes the evidence bundle of a thing: every event that names it among those that a checkpoint
/// covers, each with the proof that it stands in the log, and all that is needed to check them
/// offline. The same log, checkpoint and subject give the same bytes.
///
/// - Parameters:
///   - checkpoint: a checkpoint of this log.
///   - verifier: the key that it was checked with.
///   - write: takes the bytes of the bundle one after the other.
///   - progress: called now and then with the number of events looked at.
/// - Throws: `EvidenceError` when the log is not the one that was signed for, or when no event names
///   the subject; `UnreadableEvent`, `JournalError`.
@available(*, noasync)
package func bundle(
  _ journal: any Journal, of subject: Identifier, provenBy checkpoint: SignedCheckpoint,
  _ verifier: NoteVerifier, progress: (UInt64) -> Void = { _ in },
  write: @escaping ([UInt8]) throws -> Void
) throws -> Evidence {
  let reader = try journal.makeReader()
  let size = checkpoint.checkpoint.size
  var writer = BundleWriter(subject, try Prover(reader, checkpoint), write)
  try writer.begin(checkpoint, verifier)
  try reader.forEachEvent(in: 0..<size, progress) { try writer.take($1, at: $0) }
  try reader.forEachEvent(in: size..<max(reader.head(), size), progress) { _, event in
    writer.leaveOut(event)
  }
  return try writer.finish(checkpoint.checkpoint)
}

private struct BundleWriter {
  private let subject: Identifier
  private let mention: Mention
  private let context = ExportSelection(types: Array(EvidenceContents.context))
  private let prover: Prover
  private var archive: SummedArchive
  private var contents = EvidenceContents()
  private var leftOut = 0

  init(_ subject: Identifier, _ prover: Prover, _ write: @escaping ([UInt8]) throws -> Void) {
    self.subject = subject
    self.prover = prover
    mention = Mention(subject)
    archive = SummedArchive(write)
  }

  mutating func begin(_ checkpoint: SignedCheckpoint, _ verifier: NoteVerifier) throws {
    try archive.add(CarriedFile.readme.name, CarriedFile.readme.content)
    try archive.add(CarriedFile.script.name, CarriedFile.script.content)
    try archive.add("checkpoint", checkpoint.bytes)
    try archive.add("subject", Array("\(subject.text)\n".utf8))
    try archive.add("verifier-key", Array("\(verifier.text)\n".utf8))
  }

  /// Adds the event if it belongs in the bundle.
  mutating func take(_ event: [UInt8], at position: Position) throws {
    let isNamed = mention.stands(in: event)
    guard isNamed || context.takes(event) else { return }
    let proof = try prover.proof(of: event, at: position)
    guard let json = try? JSON.parseCanonical(event),
      contents.add(json, at: position, namesSubject: isNamed)
    else { throw UnreadableEvent(position: position, what: "cannot be read") }
    try archive.add(EvidenceContents.event(position), event)
    try archive.add(EvidenceContents.proof(position), proof.bytes)
  }

  /// Counts an event that is newer than the checkpoint.
  mutating func leaveOut(_ event: [UInt8]) {
    if mention.stands(in: event) { leftOut += 1 }
  }

  mutating func finish(_ checkpoint: Checkpoint) throws -> Evidence {
    guard contents.naming > 0 else { throw nothing(among: checkpoint.size) }
    try archive.add(EvidenceContents.keys, contents.keySet)
    for name in contents.schemas {
      guard let schema = CarriedFile.schemas[name] else {
        throw EvidenceError(description: "this version of the program has no schema of \(name)")
      }
      try archive.add(EvidenceContents.schema(name), schema.content)
    }
    try archive.finish()
    return Evidence(
      checkpoint: checkpoint, events: contents.positions.count, naming: contents.naming,
      leftOut: leftOut)
  }

  private func nothing(among size: UInt64) -> EvidenceError {
    let newer = leftOut == 0 ? "" : "; \(leftOut) newer ones do: tallystick serve signs for them"
    return EvidenceError(
      description:
        "none of the \(size) events that the last checkpoint covers names \(subject.text)\(newer)")
  }
}

/// Proves of events that they stand in a log that has a checkpoint.
private struct Prover {
  private let tree: MerkleTree
  private let head: TreeHead
  private let note: SignedNote

  /// - Throws: `EvidenceError` unless the log's tree is the checkpoint's.
  init(_ reader: any JournalReader, _ signed: SignedCheckpoint) throws {
    let checkpoint = signed.checkpoint
    let size = try reader.head()
    guard size >= checkpoint.size else {
      throw EvidenceError(
        description: "the log has \(size) events, its last checkpoint \(checkpoint.size)")
    }
    let edge = try TreeEdge(size: checkpoint.size, tiles: reader)
    tree = MerkleTree(size: checkpoint.size, tiles: KnownTiles(edge, reader))
    head = edge.head
    note = signed.note
    guard head.root == checkpoint.root else {
      throw EvidenceError(
        description: """
          the root of the log's first \(checkpoint.size) events is \(Base64.encode(head.root.bytes)), that of \
          its checkpoint \(Base64.encode(checkpoint.root.bytes))
          """)
    }
  }

  /// - Parameter event: its stored bytes.
  func proof(of event: [UInt8], at position: Position) throws -> LogProof {
    let hashes = try tree.inclusionProof(of: position)
    guard head.includes(recordHash(event), at: position, proof: hashes) else {
      throw EvidenceError(
        description: "the event at position \(position) is not the one that was signed for")
    }
    return LogProof(index: position, hashes: hashes, checkpoint: note)
  }
}

/// An archive that ends with the sums of its files.
private struct SummedArchive {
  private let write: ([UInt8]) throws -> Void
  private var sums: [UInt8] = []

  init(_ write: @escaping ([UInt8]) throws -> Void) { self.write = write }

  mutating func add(_ name: String, _ content: [UInt8]) throws {
    sums += EvidenceSum.line(name, content)
    try write(Ustar.entry(name, content))
  }

  func finish() throws { try write(Ustar.entry(EvidenceContents.sums, sums) + Ustar.end) }
}

/// A line of `SHA256SUMS`, as `sha256sum` writes it.
enum EvidenceSum {
  static func line(_ name: String, _ content: [UInt8]) -> [UInt8] {
    Array("\(Hexadecimal.encode(SHA256.hash(content).bytes))  \(name)\n".utf8)
  }
}

extension JournalReader {
  fileprivate func forEachEvent(
    in positions: Range<Position>, _ progress: (UInt64) -> Void,
    _ body: (Position, [UInt8]) throws -> Void
  ) throws {
    var next = positions.lowerBound
    while next < positions.upperBound {
      for event in try page(from: next, to: positions.upperBound) {
        try body(next, event)
        next += 1
      }
      progress(next)
    }
  }
}
