package import Journal
package import MerkleLog

/// Verifies a ledger: its log, that this is the log which checkpoints were signed of, and the keys
/// that the log speaks of.
package struct LedgerVerification: Sendable {
  private let directory: DataDirectory
  private let key: NoteVerifier?
  private let kept: KeptCheckpoint?

  /// - Parameters:
  ///   - key: of the log, from somebody who is trusted to know it; without one the ledger's own is
  ///     believed.
  ///   - kept: a checkpoint that the log must extend.
  package init(_ directory: DataDirectory, key: NoteVerifier?, kept: KeptCheckpoint?) {
    self.directory = directory
    self.key = key
    self.kept = kept
  }

  /// - Parameter progress: as in `verify`.
  /// - Throws: when the journal's file cannot be read at all.
  @available(*, noasync)
  package func run(progress: (UInt64) -> Void) throws -> Verification {
    do {
      return try verify(LMDBJournal.open(directory.journal, readOnly: true), progress)
    } catch let error as JournalError where error.code == .damaged || error.code == .newerFormat {
      return .nothing(fault: .init(nil, "the journal cannot be opened: \(error)"))
    }
  }

  @available(*, noasync)
  private func verify(
    _ journal: LMDBJournal, _ progress: (UInt64) -> Void
  ) throws -> Verification {
    let hasTiles = try journal.makeReader().hasTiles
    // Read before the log is: a later one may be of more events than the log is read to.
    let checkpoints = LedgerCheckpoints(directory, key: key, kept: kept, hasTiles: hasTiles)
    let start = kept?.vouches == true ? checkpoints.kept?.checkpoint.size ?? 0 : 0
    let found = try Replay.verify(
      journal, expecting: checkpoints.heads, from: start, progress: progress)
    let fault =
      checkpoints.fault(ofLogNamed: found.origin)
      ?? KeyFiles(directory).fault(among: found.keys)
    return found.adding(signed: checkpoints.signed, fault)
  }
}

/// A checkpoint that was kept elsewhere than in the ledger.
package struct KeptCheckpoint: Sendable {
  /// The file that it comes from.
  package let path: String
  package let bytes: [UInt8]
  /// Whether what it covers was verified before: it is hashed and not looked into again.
  package let vouches: Bool

  package init(path: String, bytes: [UInt8], vouches: Bool) {
    self.path = path
    self.bytes = bytes
    self.vouches = vouches
  }
}
