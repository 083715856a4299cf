package import Journal
package import MerkleLog

/// Makes a log of the events of a backup, after every file of the backup was found to be right.
///
/// - Parameters:
///   - moment: where to stop, nil for the end; what stands behind it in the backup is read and checked all the same.
///   - journal: an empty one.
///   - refuse: is given the number of events that there will be, before the first is written.
///   - progress: called now and then with the number of events read.
/// - Returns: the head of the new log.
/// - Throws: `BackupError`, `Verification.Fault`, `FileError`, `JournalError`.
@available(*, noasync)
package func restore(
  _ backup: BackupDirectory, to moment: PastMoment.Name?, into journal: any Journal,
  refuse: (UInt64) throws -> Void = { _ in }, progress: (UInt64) -> Void = { _ in }
) throws -> TreeHead {
  guard let manifest = try backup.manifest() else {
    throw BackupError(.noBackup, "\(backup.path) holds no \(BackupDirectory.Name.manifest)")
  }
  let count = try backup.count(upTo: moment, of: manifest.head.size)
  try refuse(count)
  let reader = BackupReader(
    directory: backup, start: 0, end: manifest.head.size, claims: try backup.claims(manifest))
  var copy = LogCopy(journal)
  var read: UInt64 = 0
  try reader.read { records in
    for record in records.prefix(Int(min(UInt64(records.count), count - copy.count))) {
      try copy.append(record)
    }
    read += UInt64(records.count)
    progress(read)
  }
  return try copy.finish()
}

extension BackupDirectory {
  /// What its manifest and its checkpoint say of the tree.
  fileprivate func claims(_ manifest: BackupManifest) throws -> [BackupReader.Claim] {
    var claims = [BackupReader.Claim(head: manifest.head, source: file(Name.manifest))]
    if let checkpoint = try checkpoint() {
      guard checkpoint.head.size <= manifest.head.size else {
        throw damaged(Name.checkpoint, "it speaks of more events than the backup holds")
      }
      claims.append(.init(head: checkpoint.head, source: checkpoint.source))
    }
    return claims
  }
}
