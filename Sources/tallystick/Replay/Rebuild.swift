import CanonicalJSON
import Journal
import Replay

extension ReplayCommand {
  static let rebuild = ReplayCommand(
    "rebuild", summary: "replaces the state with one made from the log",
    help: """
      Replaces the state with one made from the log alone. The server must not run.

        --data DIR   the ledger
        --json       prints one JSON object

      exit status: 0 done, 1 a server runs, 2 the call was wrong, 3 the log could not be read
      """
  ) { options in
    let directory = try Tallystick.ledgerDirectory(options)
    let lock = try Tallystick.takeLock(directory)
    defer { withExtendedLifetime(lock) {} }
    let journal = try LMDBJournal.open(directory.journal, readOnly: true)
    let result = try Replay.rebuild(journal, in: directory.state) {
      Terminal.progress("applied", $0)
    }
    Terminal.endProgress()
    try report(result, [.init("digest", .string(result.digest))], options)
    return .done
  }

  /// Members of what was rebuilt, and more, as JSON or a line for each.
  static func report(
    _ result: RebuiltState, _ members: [JSON.Member], _ options: Options
  ) throws {
    let position = result.position.map { JSON.integer(Int64($0)) } ?? .null
    let all =
      [
        .init("events", .integer(Int64(result.events))), .init("position", position),
        .init("events_per_second", .integer(Int64(result.eventsPerSecond))),
      ] + members
    if options.has("json") { return try Terminal.json(all) }
    for member in all {
      let value = String(decoding: member.value.canonicalBytes(), as: UTF8.self)
      try Terminal.line("\(member.name): \(value.replacing("\"", with: ""))")
    }
  }
}
