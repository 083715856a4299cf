import CanonicalJSON

/// A question that compliance asks of the ledger as it stood at a moment. Adding one is adding a
/// file and its place in `all`.
struct Report: Sendable {
  /// Takes the cells of one row, in the order of the columns.
  typealias Rows = (_ cells: [JSON?]) throws -> Void

  let name: String
  let description: String
  let parameters: [ReportParameter]
  let columns: [String]
  /// Gives every row; nothing of it is kept in memory.
  let rows: @Sendable (Past, ReportArguments, Rows) throws -> Void

  /// In the order of their names.
  static let all: [Report] = [
    auditReads, credentialPopulation, dormantClients, expiringSecrets, ownerlessClients,
    permissionHolders, revocations, secretsOlderThan,
  ]

  /// What a caller may know of it beforehand.
  var representation: JSON {
    .object([
      .init("columns", .array(columns.map { .string($0) })),
      .init("description", .string(description)), .init("name", .string(name)),
      .init("parameters", .array(parameters.map(\.representation))),
    ])
  }
}
