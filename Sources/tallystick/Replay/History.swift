import Ledger
import Replay

extension ReplayCommand {
  static let history = ReplayCommand(
    "history", arguments: ["ID"], summary: "tells what happened to a thing, in words",
    help: """
      Tells in the order of the log what happened to a thing, when, by whom and why: to an account, a
      client or a project what the server's history of it tells; to a token that it was issued, and what
      ended it; to a secret, plan, role, grant, charge or key every event that changed it or names it, but
      tokens. Of things that ended too. Works beside a running server.

        --data DIR   the ledger
        --json       prints one JSON object: id, items

      exit status: 0 told, 1 the log knows nothing of it, 2 the call was wrong, 3 the log could not be
                   read
      """
  ) { options in
    let id = try identifier(options.positionals[0], "ID")
    let (walk, head) = try log(options)
    var history = ThingHistory(of: id, in: walk, head: head)
    let progress: (UInt64) -> Void = { Terminal.progress("read", $0) }
    let isKnown =
      options.has("json")
      ? try history.writeJSON(Terminal.bytes, progress: progress)
      : try history.writeWords(Terminal.words, progress: progress)
    Terminal.endProgress()
    guard isKnown else { throw Failure(.negative, "\(id.text) is not in this log") }
    if options.has("json") { try Terminal.line("") }
    return .done
  }
}
