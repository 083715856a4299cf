import CanonicalJSON
import Cryptography
import Foundation
import Journal
import Ledger
import MerkleLog
import Notary
import Replay

extension ReplayCommand {
  static let backup = ReplayCommand(
    "backup", withValue: ["data", "to", "recipient"],
    summary: "copies the log, and what is new of it from then on",
    help: """
      Copies the log as it stands into DEST, beside a running server. A second run into the same DEST
      adds the events since. Everything is on the disk, was read back and hashes to the root of the log
      before the backup says that it holds it; whenever a run is interrupted, DEST is the backup that
      it was before or the new one, and the next run completes it. DEST is refused when it holds another
      ledger, or events that the log does not have.

      DEST is a static log of C2SP tlog-tiles: tile/entries/… are the events, 256 a file, tile/<L>/… the
      hashes, checkpoint the newest signed one, backup.json how many events and their root. Full files
      never change. The state is not in it: it is made from the log.

      Peppers, signing keys and the checkpoint key leave the machine only with --recipient: as keys.cms,
      a tar archive in CMS (AuthEnvelopedData, AES-256-GCM) that this command opens, apart from ours:
        openssl cms -decrypt -inform PEM -in keys.cms -inkey KEY.pem | tar x
      Without them a restored ledger can be read and verified, not served: keep the folder keys.

        --data DIR             the ledger
        --to DEST              a directory that is missing, empty, or holds a backup of this ledger
        --recipient CERT.pem   a certificate with an elliptic-curve key, or an RSA key of 2,048 bits
        --json                 prints one JSON object

      exit status: 0 done, 1 DEST is another ledger's or of another past, or something is damaged, 2 the
      call was wrong, 3 the log could not be read or DEST not be written
      """
  ) { options in
    let directory = try Tallystick.ledgerDirectory(options)
    let destination = BackupDirectory(try options.required("to"))
    let report = try BackupFailure.told {
      // The checkpoint comes first: the log that is read after it holds what it was signed for.
      let checkpoint = try lastCheckpoint(directory)
      return try backUp(
        LMDBJournal.open(directory.journal, readOnly: true), to: destination,
        checkpoint: checkpoint, keys: encryptedKeys(directory, options)
      ) { Terminal.progress("copied", $0) }
    }
    Terminal.endProgress()
    try tell(report, destination, options)
    return .done
  }

  private static func lastCheckpoint(_ directory: DataDirectory) throws -> KnownCheckpoint? {
    guard let bytes = try CheckpointFile(directory).read() else { return nil }
    let checkpoint = try KnownCheckpoint(bytes, source: directory.checkpoint)
    if let verifier = try LedgerCopy.verifier(directory) { try checkpoint.verify(by: verifier) }
    return checkpoint
  }

  private static func encryptedKeys(
    _ directory: DataDirectory, _ options: Options
  ) throws -> EncryptedKeys? {
    guard let file = options["recipient"] else { return nil }
    return try BackupFailure.telling("the keys cannot be encrypted to \(file)") {
      try EncryptedKeys(of: directory.keys, to: Certificate(pem: Tallystick.read(file)))
    }
  }

  private static func tell(
    _ report: BackupReport, _ destination: BackupDirectory, _ options: Options
  ) throws {
    let manifest = report.manifest
    let keys = keysSentence(manifest, destination, isNew: options["recipient"] != nil)
    if options["recipient"] == nil { Terminal.error(keys) }
    guard !options.has("json") else {
      return try Terminal.json([
        .init("added", .integer(Int64(report.added))),
        .init("checkpoint", report.checkpoint.map { .integer(Int64($0.checkpoint.size)) } ?? .null),
        .init("events", .integer(Int64(manifest.head.size))),
        .init("keys", .string(keysWord(manifest, isNew: options["recipient"] != nil))),
        .init("recorded", manifest.recorded.map { .string($0.text) } ?? .null),
        .init("root", .string(Base64.encode(manifest.head.root.bytes))),
      ])
    }
    try Terminal.line(
      """
      \(destination.path) holds \(manifest.head.size) events, \(report.added) of them new
      root \(Base64.encode(manifest.head.root.bytes))
      """)
    if options["recipient"] != nil { try Terminal.line(keys) }
  }

  /// Whether the keys of now are in the backup, those of an earlier run, or none.
  private static func keysWord(_ manifest: BackupManifest, isNew: Bool) -> String {
    manifest.keys == nil ? "excluded" : isNew ? "encrypted" : "earlier"
  }

  private static func keysSentence(
    _ manifest: BackupManifest, _ destination: BackupDirectory, isNew: Bool
  ) -> String {
    guard let keys = manifest.keys else {
      return """
        THE KEYS ARE NOT IN THIS BACKUP: without peppers and signing keys no server can serve it; keep \
        the folder keys elsewhere, or name a certificate with --recipient
        """
    }
    guard isNew else {
      return """
        the keys were not copied: \(destination.path) has those of the run at \(keys.events) events; \
        name a certificate with --recipient
        """
    }
    return "keys encrypted to the certificate with SHA-256 \(keys.recipient)"
  }
}
