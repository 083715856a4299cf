import CanonicalJSON
import Ledger
import Projections

extension Report {
  static let credentialPopulation = Report(
    name: "credential_population",
    description: "Every client that is not deleted, with how many of its secrets have not ended.",
    parameters: [
      ReportParameter("account", "Clients of this account alone.", .identifier(.account)),
      ReportParameter("project", "Clients of this project alone.", .identifier(.project)),
      ReportParameter(
        "status", "Clients that are so.", .choice(Client.Status.allCases.map(\.rawValue))),
      ReportParameter(
        "mode", "Clients of this mode alone.",
        .choice(ClientMetadata.Mode.allCases.map(\.rawValue))),
    ],
    columns: Past.clientColumns + [
      "account_status", "application_type", "owner", "created", "active_secrets",
    ]
  ) { past, arguments, rows in
    try past.clients { client in
      guard arguments.allow("account", client.account.text),
        arguments.allow("project", client.project.text),
        arguments.allow("status", client.status.rawValue),
        arguments.allow("mode", client.metadata.mode.rawValue)
      else { return }
      let active = try past.state.secrets(of: client.id).filter {
        $0.isActive(at: past.moment.time)
      }
      try rows(
        past.cells(client) + [
          try past.state.recordedAccount(client.account).map { .string($0.status.rawValue) },
          .string(client.metadata.applicationType.rawValue), .string(client.owner.text),
          .string(client.created.text), .integer(Int64(active.count)),
        ])
    }
  }
}
