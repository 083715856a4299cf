import CanonicalJSON
import Ledger
import Replay

extension ReplayCommand {
  static let explain = ReplayCommand(
    "explain", arguments: ["TOKEN"], withValue: ["data", "at"],
    summary: "tells why a token was issued, and whether it is good",
    help: """
      Tells why a token was issued: to which client, for which secret and who made that, from which
      address and domain, under which rules then in force; and whether it would be accepted at a time, and
      why not. The function that says so is the server's own. Works beside a running server.

        TOKEN        its identifier (the jti), its position in the log, or - to read the token itself from
                     standard input, so that it is in no list of processes; then its signature counts too
        --data DIR   the ledger
        --at T       whether it would be accepted at this time of RFC 3339, now unless given; of a time to
                     come, if nothing else happens until then
        --json       prints one JSON object

      exit status: 0 it would be accepted, 1 it would not, or there is no such token, 2 the call was wrong,
                   3 the log could not be read
      """
  ) { options in
    let token = try tokenName(options.positionals[0])
    let (walk, head) = try log(options)
    let asked = try options.time("at")
    let explanation: TokenExplanation
    do {
      explanation = try TokenExplanation(token, at: asked ?? now, in: walk, head: head) {
        Terminal.progress("applied", $0)
      }
    } catch let failure as TokenExplanation.Failure {
      throw Failure(.negative, failure.description)
    }
    Terminal.endProgress()
    if options.has("json") {
      try Terminal.line(String(decoding: explanation.shown.canonicalBytes(), as: UTF8.self))
    } else {
      try explanation.words.forEach(Terminal.line)
    }
    return explanation.isAccepted ? .done : .negative
  }

  private static func tokenName(_ text: String) throws(Failure) -> TokenName {
    guard text == "-" else {
      guard let name = TokenName(text) else {
        throw Failure(.usage, "TOKEN must be an identifier such as tok_01…, a position, or -")
      }
      return name
    }
    guard let name = TokenName(compact: readLine() ?? "") else {
      throw Failure(.usage, "what is on standard input is no token of this kind (JWS compact)")
    }
    return name
  }
}
