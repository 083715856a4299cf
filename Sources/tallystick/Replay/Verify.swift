import CanonicalJSON
import Journal
import Replay

extension ReplayCommand {
  static let verify = ReplayCommand(
    "verify", withValue: ["data", "steps", "locate"], summary: "checks every event of the log and the tree over them",
    help: """
      Reads the log on all cores. Hashes every stored byte, rebuilds every tile of the tree and compares
      it with the stored one. Checks of every event canonical form, schema, position, order of time and
      whole commands; that a token ends after its beginning and that a signing key is a point of its
      curve. Names the first event that is touched. Works beside a running server. The state is no part
      of the log: replay compare checks it.

      The log is read by a process of its own: a file that is damaged so that its reader is ended by a
      signal is found, named and answered with 1.

        --data DIR   the ledger
        --json       prints one JSON object
        --steps FD   reads in this very process and writes to this descriptor how many events are found
                     right, eight bytes each time: how verify starts the process that reads
        --locate N   with --steps: only reads events one by one from position N on and writes the position
                     before each: how verify finds where a reader ended

      exit status: 0 all is well, 1 a fault was found, 2 the call was wrong, 3 the log could not be read
      """
  ) { options in
    guard let descriptor = try options.number("steps") else { return try verifyInProcess(options) }
    let directory = try Tallystick.ledgerDirectory(options)
    let journal = try LMDBJournal.open(directory.journal, readOnly: true)
    let steps = Steps(Int32(clamping: descriptor))
    if let position = try options.number("locate") {
      try locate(journal, from: position, telling: steps)
      return .done
    }
    let result = try Replay.verify(journal) {
      Terminal.progress("verified", $0)
      steps.tell($0)
    }
    Terminal.endProgress()
    return try report(result.events, result.fault, options)
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

  private static func report(
    _ events: UInt64, _ fault: Verification.Fault?, _ options: Options
  ) throws -> ExitStatus {
    if options.has("json") {
      try Terminal.json(members(events, fault))
    } else if let fault {
      try Terminal.line("\(events) events are good; \(fault.description)")
    } else {
      try Terminal.line("\(events) events verified")
    }
    return fault == nil ? .done : .negative
  }

  private static func members(_ events: UInt64, _ fault: Verification.Fault?) -> [JSON.Member] {
    let position = fault?.position.map { JSON.Member("position", .integer(Int64($0))) }
    let description = fault.map { JSON.Member("fault", .string($0.description)) }
    let rest = [JSON.Member("verified", .bool(fault == nil))]
    return [.init("events", .integer(Int64(events)))] + [position, description].compactMap(\.self)
      + rest
  }
}
