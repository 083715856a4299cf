import CanonicalJSON
import Ledger

extension Report {
  static let expiringSecrets = Report(
    name: "expiring_secrets",
    description: "Secrets that have not ended and end by themselves within so many days.",
    parameters: [.days("How far ahead to look.", default: 30)],
    columns: Past.clientColumns + Past.secretColumns + ["seconds_left"] + LastUse.columns
  ) { past, arguments, rows in
    let now = past.moment.time.seconds
    try past.activeSecrets { secret, client in
      guard let expires = secret.expires, expires - now <= arguments.days * 86_400 else { return }
      try rows(
        past.cells(client) + past.cells(secret) + [.integer(expires - now)]
          + LastUse(of: secret, in: past).cells)
    }
  }
}
