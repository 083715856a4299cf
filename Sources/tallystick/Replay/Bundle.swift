import CanonicalJSON
import Credentials
import Journal
import Ledger
import MerkleLog
import Notary
import Replay

/// `tallystick replay export --bundle FILE`
extension ReplayCommand {
  static func exportBundle(of subject: Identifier?, _ options: Options) throws -> ExitStatus {
    let path = try options.required("bundle")
    guard let subject else { throw Failure(.usage, "--bundle needs --subject") }
    for name in ["format", "from", "to", "type", "output"] where options[name] != nil {
      throw Failure(
        .usage, "--\(name) does not go with --bundle: a bundle holds all of its subject")
    }
    let directory = try Tallystick.ledgerDirectory(options)
    let journal = try LMDBJournal.open(directory.journal, readOnly: true)
    let (checkpoint, verifier) = try lastCheckpoint(directory)
    do {
      let file = try WholeFile(path)
      let evidence = try bundle(
        journal, of: subject, provenBy: checkpoint, verifier,
        progress: { Terminal.progress("read", $0) }, write: { try file.write($0) })
      try file.finish()
      Terminal.endProgress()
      try report(evidence, of: subject, in: path, options)
      return .done
    } catch let error as EvidenceError {
      throw Failure(.negative, error.description)
    }
  }

  /// The last checkpoint of a ledger, checked with the key that is there.
  private static func lastCheckpoint(
    _ directory: DataDirectory
  ) throws -> (SignedCheckpoint, NoteVerifier) {
    let file = CheckpointFile(directory)
    guard let key = try KeyDirectory(directory.keys).checkpointKey(), let note = try file.read()
    else {
      throw Failure(
        .negative, "\(directory.path) has no signed checkpoint yet: tallystick serve makes one")
    }
    let verifier = try NoteSigner(key).verifier
    do {
      return (try file.verified(note, by: verifier), verifier)
    } catch {
      throw Failure(.negative, error.description)
    }
  }

  private static func report(
    _ evidence: Evidence, of subject: Identifier, in path: String, _ options: Options
  ) throws {
    let checkpoint = evidence.checkpoint
    if evidence.leftOut > 0 {
      Terminal.error(
        """
        WARNING: \(evidence.leftOut) newer events name \(subject.text) and are not in the bundle: the \
        last checkpoint covers \(checkpoint.size) events. tallystick serve signs within a second
        """)
    }
    if options.has("json") {
      return try Terminal.json([
        .init("bundle", .string(path)), .init("events", .integer(Int64(evidence.events))),
        .init("left_out", .integer(Int64(evidence.leftOut))),
        .init("naming", .integer(Int64(evidence.naming))),
        .init("origin", .string(checkpoint.origin)),
        .init("size", .integer(Int64(checkpoint.size))), .init("subject", .string(subject.text)),
      ])
    }
    try Terminal.line(
      """
      \(evidence.events) events, \(evidence.naming) name \(subject.text); \(checkpoint.origin) at \
      \(checkpoint.size); \(path)
      """)
  }
}
