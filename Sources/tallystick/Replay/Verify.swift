import CanonicalJSON
import Journal
import Replay

extension ReplayCommand {
  static let verify = ReplayCommand(
    "verify", summary: "checks every event of the log",
    help: """
      Checks every event: canonical form, schema, position, order of time, whole commands. Works beside
      a running server.

        --data DIR   the ledger
        --json       prints one JSON object

      exit status: 0 all is well, 1 a bad event, 2 the call was wrong, 3 the log could not be read
      """
  ) { options in
    let directory = try Tallystick.ledgerDirectory(options)
    let result = try Replay.verify(LMDBJournal.open(directory.journal, readOnly: true)) {
      Terminal.progress("verified", $0)
    }
    Terminal.endProgress()
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
