import CanonicalJSON
import Ledger

extension Report {
  static let ownerlessClients = Report(
    name: "ownerless_clients",
    description:
      "Clients that are not deleted and whose owner is deleted or holds no role any more.",
    parameters: [],
    columns: Past.clientColumns + ["owner", "owner_name", "why"]
  ) { past, _, rows in
    try past.clients { client in
      guard let owner = try past.state.client(client.owner) else { return }
      let holdsRole = try past.state.holdings(of: owner.id).map { !$0.grants.isEmpty } ?? false
      guard owner.isDeleted || !holdsRole else { return }
      try rows(
        past.cells(client) + [
          .string(owner.id.text), .string(owner.metadata.clientName),
          .string(owner.isDeleted ? "owner_deleted" : "owner_without_role"),
        ])
    }
  }
}
