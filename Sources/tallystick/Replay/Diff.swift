import CanonicalJSON
import Ledger
import Replay

extension ReplayCommand {
  static let diff = ReplayCommand(
    "diff", arguments: ["A", "B"], withValue: ["data", "subject"],
    summary: "tells what became another between two moments",
    help: """
      Tells what was added (+), changed (~) and ended (-) from one moment to a later one, and what came and
      went in between (±): accounts, charges, clients, grants, keys, the ledger's policy, plans, projects
      with their scopes and domains, roles, secrets; and how many tokens were issued, revoked one by one,
      and ended all at once. A and B are positions or times of RFC 3339, as as-of takes them. Works beside
      a running server.

        --data DIR     the ledger
        --subject ID   one thing and what belongs to it, at either moment
        --json         prints one JSON object; changes with the values before and after

      exit status: 0 no difference, 1 there are some, or no such moment or thing, 2 the call was wrong,
                   or named a position within a command, 3 the log could not be read
      """
  ) { options in
    let names = try zip(["A", "B"], options.positionals).map { try name(ofMoment: $1, $0) }
    let subject = try options.identifier("subject")
    var log = try log(options)
    let (from, to) = (try moment(names[0], in: log), try moment(names[1], in: log))
    guard from.position <= to.position, from.time <= to.time else {
      throw Failure(.usage, "A must not be behind B")
    }
    let difference = try Difference(&log.walk, from: from, to: to, of: subject) {
      Terminal.progress("applied", $0)
    }
    Terminal.endProgress()
    guard let difference else {
      throw Failure(.negative, "\(subject!.text) was there at neither moment")
    }
    if options.has("json") {
      try Terminal.line(String(decoding: difference.shown.canonicalBytes(), as: UTF8.self))
    } else {
      try difference.words.forEach(Terminal.line)
    }
    return difference.isEmpty ? .done : .negative
  }
}
