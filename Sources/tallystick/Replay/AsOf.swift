import Journal
import Ledger
import Replay

extension ReplayCommand {
  static let asOf = ReplayCommand(
    "as-of", withValue: ["data", "position", "time", "subject"],
    summary: "shows the ledger, or one thing in it, as it was",
    help: """
      Shows everything that there was at a moment: accounts, charges, clients with their roles and
      acknowledgements, keys, plans, projects with their scopes and domains, roles, secrets, revocations
      in force, how many tokens were good, and the root that a checkpoint over the same events has. Made
      from the log alone, beside a running server; takes as much memory as there are clients, however many
      tokens there are.

        --data DIR     the ledger
        --position N   as of the event at this position. A command is carried out at once: a position
                       within one is no moment, and the answer names those before and behind it
        --time T       as of a time of RFC 3339: of the last event recorded at or before it
        --subject ID   one thing and what belongs to it: an account with its projects, clients, secrets
                       and charges, a project with its clients, a plan with its accounts, a role or grant
                       with who holds it, a secret, a token
        --json         prints one JSON object; things in it are as the server's endpoints show
                       them, but for tokens: live_tokens stands for last_token, tokens_issued, last_used

      exit status: 0 shown, 1 there was no such moment, or no such thing then, 2 the call was wrong, or
                   named a position within a command, 3 the log could not be read
      """
  ) { options in
    guard let name = try options.moment() else {
      throw Failure(.usage, "as-of needs either --position or --time")
    }
    var log = try log(options)
    let moment = try moment(name, in: log)
    let subject = try options.identifier("subject")
    try log.walk.advance(through: moment.position) { Terminal.progress("applied", $0) }
    let picture = try Picture(log.walk, at: moment, of: subject)
    Terminal.endProgress()
    guard let picture else {
      throw Failure(.negative, try log.walk.absence(of: subject!, at: moment, head: log.head))
    }
    if options.has("json") {
      try picture.writeJSON(Terminal.bytes)
      try Terminal.line("")
    } else {
      try picture.writeWords(Terminal.line)
    }
    return .done
  }
}
