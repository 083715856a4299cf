import CanonicalJSON
import Journal
import Replay

extension ReplayCommand {
  static let verify = ReplayCommand(
    "verify", withValue: ["data", "steps", "locate"], summary: "checks every event of the log",
    help: """
      Reads every event on all cores and checks canonical form, schema, position, order of time and
      whole commands, that a token ends after its beginning and that a signing key is a point of its
      curve. Works beside a running server. The state is no part of the log: replay compare checks it.

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
    return try report(result, options)
  }

  /// Has another process verify, and says what is wrong when that does not live to say it.
  private static func verifyInProcess(_ options: Options) throws -> ExitStatus {
    switch try SupervisedVerification.run(Array(CommandLine.arguments.dropFirst())) {
    case .reported(let status): return ExitStatus(rawValue: status) ?? .unreadable
    case .ended(let result):
      Terminal.endProgress()
      return try report(result, options)
    }
  }

  private static func report(_ result: Verification, _ options: Options) throws -> ExitStatus {
    if options.has("json") {
      var members: [JSON.Member] = [.init("events", .integer(Int64(result.events)))]
      if let fault = result.fault {
        members.append(.init("position", .integer(Int64(fault.position))))
        members.append(.init("fault", .string(fault.what)))
      }
      try Terminal.json(members + [.init("verified", .bool(result.fault == nil))])
    } else if let fault = result.fault {
      try Terminal.line(
        "\(result.events) events are good; the event at position \(fault.position) \(fault.what)")
    } else {
      try Terminal.line("\(result.events) events verified")
    }
    return result.fault == nil ? .done : .negative
  }
}
