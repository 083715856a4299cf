/// Removes a role that nobody holds.
package struct RemoveRole: Sendable {
  let role: Identifier

  package init(role: Identifier) { self.role = role }

  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    guard let found = try view.role(role) else { throw Rejection.notFound("role") }
    try command.requireRoles(found.permissions, in: view)
    var holders = Obstacles()
    for client in try view.holders(of: .defined(role)) where !holders.add(client) { break }
    try holders.check("clients hold the role")
    return [NewEvent(role, .roleRemoved(RoleRemoved()))]
  }
}
