import CanonicalJSON
import Cryptography
import Journal
import MerkleLog
import Replay

extension ReplayCommand {
  static let verify = ReplayCommand(
    "verify",
    withValue: ["data", "key", "checkpoint", "from-checkpoint", "steps", "locate"],
    summary: "checks every event of the log and that it is the one that was signed",
    help: """
      Reads the log on all cores. Hashes every stored byte, rebuilds every tile of the tree and compares
      it with the stored one. Checks of every event canonical form, schema, position, order of time and
      whole commands; that a token ends after its beginning and that a signing key is a point of its
      curve. Then the checkpoint: its signature, that the log has as many events, and that they have its
      root. And the keys: that those which are there are those of the log. Names the first event that is
      touched. Works beside a running server.

      Not checked: the state, which is no part of the log (replay compare); whether the rules would decide
      so again; events behind the last checkpoint are sound in themselves, but nothing says that no others
      stood there: the answer says how many the checkpoint covers. Whoever can write every file of the
      ledger can put an older one in its place, checkpoint and all, or a new one with a key of his own:
      only a key and a checkpoint that were kept elsewhere tell.

        --data DIR   the ledger
        --key VKEY   the verifier key of the log, from somebody who is trusted to know it (init prints it,
                     GET /log/key shows it); without it the key in the ledger is believed
        --checkpoint FILE
                     a checkpoint that was kept elsewhere: the log must extend it
        --from-checkpoint FILE
                     the same, of a log that was verified when it was signed: events that it covers are
                     hashed, so they are those which it was signed for, and not looked into again
        --json       prints one JSON object

      The log is read by a process of its own: a file that is damaged so that its reader is ended by a
      signal is found, named and answered with 1.

        --steps FD   reads in this very process and writes to this descriptor how many events are found
                     right, eight bytes each time: how verify starts the process that reads
        --locate N   with --steps: only reads events one by one from position N on and writes the position
                     before each: how verify finds where a reader ended

      exit status: 0 all is well, 1 a fault was found, 2 the call was wrong, 3 there is no log, or it may not
                   be read
      """
  ) { options in
    let directory = try Tallystick.ledgerDirectory(options)
    let verification = LedgerVerification(
      directory, key: try options.noteVerifier("key"), kept: try keptCheckpoint(options))
    guard let descriptor = try options.number("steps") else {
      // Or nothing would be verified, and nobody told.
      guard options["locate"] == nil else { throw Failure(.usage, "--locate goes with --steps") }
      return try verifyInProcess(options)
    }
    let steps = Steps(Int32(clamping: descriptor))
    if let position = try options.number("locate") {
      let journal = try LMDBJournal.open(directory.journal, readOnly: true)
      try locate(journal, from: position, telling: steps)
      return .done
    }
    let result = try verification.run {
      Terminal.progress("verified", $0)
      steps.tell($0)
    }
    Terminal.endProgress()
    guard result.fault == nil else { return try report(result.events, result.fault, options) }
    try report(result, options)
    return .done
  }

  private static func keptCheckpoint(_ options: Options) throws -> KeptCheckpoint? {
    let (plain, vouching) = (options["checkpoint"], options["from-checkpoint"])
    guard plain == nil || vouching == nil else {
      throw Failure(.usage, "--checkpoint and --from-checkpoint are not for one call")
    }
    guard let path = vouching ?? plain else { return nil }
    return KeptCheckpoint(path: path, bytes: try Tallystick.read(path), vouches: plain == nil)
  }

  /// Has another process verify, and says what is wrong when that does not live to say it.
  private static func verifyInProcess(_ options: Options) throws -> ExitStatus {
    switch try SupervisedVerification.run(Array(CommandLine.arguments.dropFirst())) {
    case .reported(let status): return ExitStatus(rawValue: status) ?? .unreadable
    case .ended(let events, let fault):
      Terminal.endProgress()
      return try report(events, fault, options)
    }
  }

  /// Of a log that is as it must be.
  private static func report(_ result: Verification, _ options: Options) throws {
    guard options.has("json") else { return try Terminal.line(words(result)) }
    try Terminal.json([
      .init("events", .integer(Int64(result.events))),
      .init("hashed_alone", .integer(Int64(result.hashedAlone))),
      .init("root", .string(Base64.encode(result.head.root.bytes))),
      .init("signed", .integer(Int64(result.signed ?? 0))), .init("verified", .bool(true)),
    ])
  }

  private static func words(_ result: Verification) -> String {
    let alone = result.hashedAlone == 0 ? "" : ", the first \(result.hashedAlone) hashed alone"
    let signed =
      switch result.signed {
      case nil: "no checkpoint was ever signed of them"
      case result.events?: "the checkpoint covers all of them"
      case let signed?: "the checkpoint covers \(signed) of them"
      }
    return "\(result.events) events verified\(alone); \(signed)"
  }

  private static func report(
    _ events: UInt64, _ fault: Verification.Fault?, _ options: Options
  ) throws -> ExitStatus {
    guard let fault else { return .done }
    guard options.has("json") else {
      try Terminal.line("\(events) events are good; \(fault.description)")
      return .negative
    }
    let position = fault.position.map { JSON.Member("position", .integer(Int64($0))) }
    try Terminal.json(
      [
        .init("events", .integer(Int64(events))), .init("fault", .string(fault.description)),
        .init("verified", .bool(false)),
      ] + (position.map { [$0] } ?? []))
    return .negative
  }
}
