/// Removes a role that nobody holds.
package struct RemoveRole: Sendable {
  let role: Identifier

  package init(role: Identifier) { self.role = role }

  package func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    guard let found = try view.role(role) else { throw Rejection.notFound("role") }
    try command.requireRoles(found.permissions, in: view)
    let holders = try view.holders(of: .defined(role))
    guard holders.isEmpty else {
      throw Rejection.conflict(
        "\(holders.count) clients hold the role", Array(holders.prefix(Self.maximumNamed)))
    }
    return [NewEvent(role, .roleRemoved(RoleRemoved()))]
  }

  /// Holders that a refusal names.
  private static let maximumNamed = 100
}
