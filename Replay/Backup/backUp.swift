import CanonicalJSON
package import Journal
import Ledger
import MerkleLog

/// What a backup holds after it was made, and how much of it is new.
package struct BackupReport: Sendable {
  package let manifest: BackupManifest
  /// Events that were not there before.
  package let added: UInt64
  /// The newest checkpoint that the ledger has signed; its size is not above that of the backup.
  package let checkpoint: KnownCheckpoint?
}

/// Copies the log as it stands now, while it may grow, to a backup that holds an earlier part of it
/// or does not exist yet. What was there before is valid until everything new is on the disk, was
/// read back and hashes to the root of the journal; then it is replaced in one step.
///
/// - Parameters:
///   - checkpoint: the newest one that was signed, read before this call.
///   - keys: written beside the log; those of an earlier run stay when there are none.
///   - progress: called now and then with the number of events read.
/// - Throws: `BackupError`, `FileError`, `JournalError`.
@available(*, noasync)
package func backUp(
  _ journal: any Journal, to directory: BackupDirectory, checkpoint: KnownCheckpoint?,
  keys: EncryptedKeys?, progress: (UInt64) -> Void = { _ in }
) throws -> BackupReport {
  let run = try BackupRun(
    reader: journal.makeReader(), writer: BackupWriter(directory), checkpoint: checkpoint)
  try run.refuseOtherPast()
  try run.copyEvents(progress)
  try run.copyTiles()
  try run.writer.synchronize()
  try run.readBack()
  return try run.publish(keys)
}

/// One run, from what the backup held to what the journal holds now.
private struct BackupRun {
  let reader: any JournalReader
  let writer: BackupWriter
  let old: BackupManifest
  let head: TreeHead
  let checkpoint: KnownCheckpoint?

  private var directory: BackupDirectory { writer.directory }
  /// The first event that stands in a file that is not full yet.
  private var start: UInt64 { old.head.size / 256 * 256 }
  /// Sizes that something speaks of.
  private var sizes: [UInt64] { [checkpoint?.head.size, head.size].compactMap(\.self) }

  init(reader: any JournalReader, writer: BackupWriter, checkpoint: KnownCheckpoint?) throws {
    self.reader = reader
    self.writer = writer
    self.checkpoint = checkpoint
    old = try Self.manifest(writer)
    head = try MerkleTree(size: reader.head(), tiles: reader).head()
  }

  /// What the backup holds; a new one is begun with a manifest of nothing, so that what follows is
  /// known for a backup whenever it is interrupted.
  private static func manifest(_ writer: BackupWriter) throws -> BackupManifest {
    if let manifest = try writer.directory.manifest() { return manifest }
    guard writer.isEmpty() else {
      throw BackupError(
        .occupied,
        "\(writer.directory.path) is not empty and holds no \(BackupDirectory.Name.manifest)")
    }
    try writer.write(BackupManifest.empty.bytes, as: BackupDirectory.Name.manifest)
    try writer.synchronize()
    return .empty
  }

  /// The journal must hold what the backup holds, and what its checkpoint says.
  func refuseOtherPast() throws {
    let place = directory.path
    guard try head(at: min(1, old.head.size)) == firstOfBackup() else {
      throw BackupError(.contradiction, "\(place) is the backup of another ledger")
    }
    guard old.head.size <= head.size else {
      throw BackupError(
        .contradiction,
        "\(place) holds \(old.head.size) events and the log \(head.size): it lost some since")
    }
    guard try head(at: old.head.size) == old.head else {
      throw BackupError(
        .contradiction,
        "the first \(old.head.size) events of the log are not those that \(place) holds")
    }
    try checkpoint?.refuseShorter(head.size)
    try checkpoint?.refuseOtherPast(reader)
  }

  private func head(at size: UInt64) throws -> TreeHead {
    try MerkleTree(size: size, tiles: reader).head()
  }

  /// The head over the first event of the backup, if there is one.
  private func firstOfBackup() throws -> TreeHead {
    var edge = TreeEdge()
    if old.head.size > 0 {
      let bundle = EntryBundle(index: 0, width: Int(min(old.head.size, 256)))
      edge.append(recordHash(try directory.records(of: bundle)[0])) { _, _ in }
    }
    return edge.head
  }

  /// Reads at most 256 events in one snapshot of the journal.
  func copyEvents(_ progress: (UInt64) -> Void) throws {
    var next = start
    while next < head.size {
      let width = Int(min(256, head.size - next))
      let records = try reader.events(from: next, limit: width, maximumBytes: .max)
      for bundle in bundles(startingAt: next, width) {
        guard let bytes = EntryBundle.encode(Array(records.prefix(bundle.width))) else {
          throw BackupError(
            .damaged, "an event of the log from position \(next) on is larger than events may be")
        }
        try writer.write(bytes, as: bundle.path)
      }
      next += UInt64(width)
      progress(next)
    }
  }

  /// The bundle, and the smaller one that belongs to the checkpoint if that ends within.
  private func bundles(startingAt start: UInt64, _ width: Int) -> Set<EntryBundle> {
    let partial = partialBundles.filter { $0.start == start && $0.width < width }
    return partial.union([EntryBundle(index: start / 256, width: width)])
  }

  /// The files that are not full, for each size that something speaks of.
  private var partialTiles: Set<Tile> {
    Set(sizes.flatMap { Tile.edge(ofTreeOfSize: $0).compactMap(\.self) })
  }

  private var partialBundles: Set<EntryBundle> {
    Set(partialTiles.filter { $0.level == 0 }.map { EntryBundle(index: $0.index, width: $0.width) })
  }

  func copyTiles() throws {
    for tile in partialTiles { try write(tile) }
    for level in 0..<7 {
      let shift = 8 * (level + 1)
      for index in (old.head.size >> shift)..<(head.size >> shift) {
        try write(Tile(level: level, index: index))
      }
    }
  }

  private func write(_ tile: Tile) throws {
    try writer.write(Tile.encode(try reader.hashes(of: tile)), as: tile.path)
  }

  /// Hashes what now stands on the disk, from the first event that is new.
  func readBack() throws {
    let log = "the ledger's log"
    var claims = [
      BackupReader.Claim(head: old.head, source: directory.file(BackupDirectory.Name.manifest)),
      .init(head: head, source: log),
    ]
    if let checkpoint {
      claims.append(.init(head: checkpoint.head, source: checkpoint.source))
    }
    let reading = BackupReader(directory: directory, start: start, end: head.size, claims: claims)
    try reading.read { _ in }
  }

  func publish(_ keys: EncryptedKeys?) throws -> BackupReport {
    let oldest = try min(old.head.size, directory.checkpoint()?.head.size ?? old.head.size)
    if let keys { try writer.write(keys.message, as: BackupDirectory.Name.keys) }
    let manifest = BackupManifest(
      head: head, recorded: try lastRecorded(),
      keys: keys.map { .init(recipient: $0.recipient, events: head.size) } ?? old.keys)
    try writer.write(manifest.bytes, as: BackupDirectory.Name.manifest)
    try writer.synchronize()
    if let note = checkpoint?.note {
      try writer.write(note.bytes, as: BackupDirectory.Name.checkpoint)
      try writer.synchronize()
    }
    removeOutgrown(since: oldest)
    return BackupReport(
      manifest: manifest, added: head.size - old.head.size, checkpoint: checkpoint)
  }

  private func lastRecorded() throws -> Timestamp? {
    guard head.size > 0, let bytes = try reader.event(at: head.size - 1) else { return nil }
    return (try JSON.parse(bytes)["recorded"]?.string).flatMap { Timestamp($0) }
  }

  /// Removes files of fewer than 256 that nothing speaks of any more, those of interrupted runs too.
  private func removeOutgrown(since first: UInt64) {
    let wanted = Set(partialTiles.map(\.path) + partialBundles.map(\.path))
    for level in 0..<8 {
      let shift = 8 * (level + 1)
      for index in (first >> shift)...(head.size >> shift) {
        let whole = level == 0 ? [EntryBundle(index: index).path] : []
        for path in whole + [Tile(level: level, index: index).path] {
          writer.clear(path + ".p", keeping: wanted)
        }
      }
    }
  }
}
