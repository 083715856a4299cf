import CanonicalJSON
import Foundation
import Journal
import Ledger
import Replay

extension ReplayCommand {
  static let export = ReplayCommand(
    "export", withValue: ["data", "format", "from", "to", "type", "subject", "output", "bundle"],
    summary: "writes events in other formats, or with the proof that they stand in the log",
    help: """
      Writes events in the order of the log. Works beside a running server.

        --data DIR       the ledger
        --format FORMAT  ndjson       the stored bytes, an event a line (default)
                         cloudevents  CloudEvents 1.0, structured JSON, an event a line; id is the
                                      record hash, position an extension attribute, and data the
                                      whole event in its stored bytes
                         ocsf         OCSF 1.8 without profiles, an event a line; raw_data are the
                                      stored bytes
                         csv          RFC 4180 with a header, as GET /admin/events writes it
        --from T|N       from this position, or from the first event recorded at this time
                         (RFC 3339) or later
        --to T|N         up to, and without, this position or what was recorded at this time
        --type T,…       events of these types alone, such as token.issued
        --subject ID     everything that names this thing: events of which it is the subject or the
                         actor, and those whose data name its identifier
        --output FILE    into this file, which is there whole and durable or not at all, instead of
                         standard output; one that is there is replaced
        --bundle FILE    with --subject: the evidence that those events stand in the log. A tar archive
                         with the events that the last checkpoint covers, a proof for each, the
                         checkpoint, keys, schemas, and a script that checks it all offline. Newer
                         events are left out, and it says how many
        --json           prints one JSON object; with --output or --bundle

      exit status: 0 done, 1 who read the output went away, or a bundle cannot be made: nothing names the
                   subject, or the log contradicts its checkpoint, 2 the call was wrong, 3 the log
                   could not be read or the output not be written
      """
  ) { options in
    if options["bundle"] != nil {
      return try exportBundle(of: options.identifier("subject"), options)
    }
    guard options["output"] != nil || !options.has("json") else {
      throw Failure(.usage, "--json needs --output: events go to standard output")
    }
    let directory = try Tallystick.ledgerDirectory(options)
    let format = try exportFormat(options)
    let selection = try selection(options)
    let journal = try LMDBJournal.open(directory.journal, readOnly: true)
    if options["output"] != nil {
      let path = try options.required("output")
      return try export(journal, selection, format, to: path, asJSON: options.has("json"))
    }
    do {
      _ = try Replay.export(journal, selection, as: format, progress: showProgress) {
        try writeAll($0, to: STDOUT_FILENO, named: "standard output")
      }
      Terminal.endProgress()
      return .done
    } catch let error as FileError where error.number == EPIPE {
      return .negative
    }
  }

  private static func export(
    _ journal: LMDBJournal, _ selection: ExportSelection, _ format: ExportFormat, to path: String,
    asJSON: Bool
  ) throws -> ExitStatus {
    let file = try WholeFile(path)
    let count = try Replay.export(
      journal, selection, as: format, progress: showProgress, write: file.write)
    try file.finish()
    Terminal.endProgress()
    if asJSON {
      try Terminal.json([.init("events", .integer(Int64(count))), .init("output", .string(path))])
    } else {
      try Terminal.line("\(count) events exported to \(path)")
    }
    return .done
  }

  @Sendable private static func showProgress(_ events: UInt64) {
    Terminal.progress("exported", events)
  }

  private static func exportFormat(_ options: Options) throws(Failure) -> ExportFormat {
    guard let name = options["format"] else { return .ndjson }
    guard let format = ExportFormat(rawValue: name) else {
      let names = ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")
      throw Failure(.usage, "there is no format \(name), but \(names)")
    }
    return format
  }

  private static func selection(_ options: Options) throws(Failure) -> ExportSelection {
    func bound(_ name: String) throws(Failure) -> ExportSelection.Bound? {
      guard let text = options[name] else { return nil }
      guard let bound = ExportSelection.Bound(text) else {
        throw Failure(
          .usage, "--\(name) must be a position or a time such as 2026-11-21T05:16:00Z, not \(text)"
        )
      }
      return bound
    }
    let types = options["type"]?.split(separator: ",", omittingEmptySubsequences: false) ?? []
    for type in types where !ExportSelection.knows(type: String(type)) {
      throw Failure(.usage, "--type: there is no type of event \"\(type)\"")
    }
    let (from, to) = (try bound("from") ?? .position(0), try bound("to"))
    try requireOrder(from, to)
    return ExportSelection(
      from: from, to: to, types: types.map(String.init), subject: try options.identifier("subject"))
  }
}
