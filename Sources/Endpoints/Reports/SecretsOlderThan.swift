import CanonicalJSON
import Ledger

extension Report {
  static let secretsOlderThan = Report(
    name: "secrets_older_than",
    description: "Secrets that have not ended and were made so many days ago or earlier.",
    parameters: [.days("The age from which on a secret is reported.", default: 90)],
    columns: Past.clientColumns + Past.secretColumns + ["age_days"] + LastUse.columns
  ) { past, arguments, rows in
    let limit = past.daysAgo(arguments.days)
    try past.activeSecrets { secret, client in
      guard secret.created <= limit else { return }
      let age = past.days(since: secret.created)
      try rows(
        past.cells(client) + past.cells(secret) + [.integer(age)]
          + LastUse(of: secret, in: past).cells)
    }
  }
}

/// What reports say of a secret.
extension Past {
  static let secretColumns = ["secret", "last_four", "created", "expires"]

  func cells(_ secret: Secret) -> [JSON?] {
    [
      .string(secret.id.text), .string(secret.verifier.lastFour), .string(secret.created.text),
      secret.expires.map { .string(Timestamp(seconds: $0).text) },
    ]
  }
}
