import CanonicalJSON
import Ledger

extension Report {
  static let dormantClients = Report(
    name: "dormant_clients",
    description:
      "Clients that are not deleted and for so many days neither got a token nor were added.",
    parameters: [.days("Days without a token.", default: 90)],
    columns: Past.clientColumns + [
      "owner", "created", "last_token", "last_token_issued", "last_token_position", "dormant_days",
    ]
  ) { past, arguments, rows in
    let limit = past.daysAgo(arguments.days)
    try past.clients { client in
      guard client.created <= limit else { return }
      let last = try past.lastToken(of: client.id)
      let since = last?.issued ?? client.created
      guard since <= limit else { return }
      try rows(
        past.cells(client) + [
          .string(client.owner.text), .string(client.created.text),
          last.map { .string($0.id.text) }, last.map { .string($0.issued.text) },
          last.map { .integer(Int64($0.position)) }, .integer(past.days(since: since)),
        ])
    }
  }
}
