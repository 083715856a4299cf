import Ledger
import Networks
import Replay

extension ReplayCommand {
  static let impact = ReplayCommand(
    "impact", withValue: ["data", "secret", "client", "address", "from", "to"],
    summary: "lists what somebody did who holds what has leaked, and may still do",
    help: """
      Lists what was done with a secret, by a client or from some addresses, the counts first: tokens,
      charges, changes, and the things that these made or touched. Secrets and clients that were made
      with it are followed, and what was made with those in turn. Tells what is still good as of now.
      Made from the log alone, beside a running server.

        --data DIR      the ledger
        --secret ID     the tokens that it bought, and what was done with them. Of a secret that was
                        found, GET /admin/secrets?last_four=… tells the identifier
        --client ID     the same for all that it has; GET /admin/clients?client_id=… tells the
                        identifier of one with a client_id of its own
        --address CIDR  tokens that were asked for from there, and all that was done from there, such as
                        203.0.113.7 or 203.0.113.0/24
        --from T        what was recorded at T or later, a time of RFC 3339; what was made before is not
                        followed
        --to T          what was recorded before T
        --json          prints one JSON object; its member revocations is the list that
                        POST /admin/revocations takes, but for the reason: clients that were added,
                        secrets, and tokens that none of these takes with it. From an address, the
                        secrets that were shown there are on it, be they your own: look at it
                        first. What was changed otherwise, such as a role that another client got,
                        stays until somebody changes it back

      exit status: 0 listed, be it nothing, 1 the log has no such secret or client, 2 the call was wrong,
                   3 the log could not be read
      """
  ) { options in
    let log = try log(options)
    let suspect = try suspect(options)
    let from = try options.time("from").map(PastMoment.Name.time) ?? .position(0)
    let to = try options.time("to").map(PastMoment.Name.time)
    try requireOrder(from, to)
    let window = try ExportSelection(from: from, to: to).positions(log.walk.reader)
      .clamped(to: 0..<log.head)
    let impact = try Impact(of: suspect, log.walk, head: log.head, window: window, now: now) {
      Terminal.progress("read", $0)
    }
    Terminal.endProgress()
    guard let impact else { throw Failure(.negative, "\(suspect) is not in this log") }
    if options.has("json") {
      try impact.writeJSON(Terminal.bytes)
      try Terminal.line("")
    } else {
      try impact.writeWords(Terminal.line)
    }
    return .done
  }

  /// - Parameter list: where the server tells the identifier of what is known by something else.
  private static func identifier(
    _ text: String, _ kind: Identifier.Kind, _ flag: String, see list: String
  ) throws(Failure) -> Identifier {
    guard let id = Identifier(text, kind) else {
      throw Failure(
        .usage,
        "\(flag) must be an identifier that begins with \(kind.rawValue)_; GET \(list) tells it")
    }
    return id
  }

  private static func suspect(_ options: Options) throws(Failure) -> Suspect {
    switch (options["secret"], options["client"], options["address"]) {
    case (let text?, nil, nil):
      return .secret(
        try identifier(text, .secret, "--secret", see: "/admin/secrets?last_four=…"))
    case (nil, let text?, nil):
      return .client(
        try identifier(text, .client, "--client", see: "/admin/clients?client_id=…"))
    case (nil, nil, let text?):
      guard let network = Network(text) else {
        throw Failure(
          .usage, "--address must be an address or a network such as 203.0.113.0/24, not \(text)")
      }
      return .network(network)
    default: throw Failure(.usage, "impact needs one of --secret, --client and --address")
    }
  }
}
