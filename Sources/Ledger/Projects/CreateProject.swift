package import CanonicalJSON

/// Creates a project under an account.
package struct CreateProject: Sendable {
  let id: Identifier
  let data: ProjectCreated
  package let reason: String?

  package init(
    id: Identifier, account: Identifier, name: String, description: String?,
    reason: String? = nil
  ) {
    self.id = id
    data = ProjectCreated(account: account, name: name, description: description)
    self.reason = reason
  }

  /// Reads `{"name","description","account","reason"}`.
  ///
  /// - Throws: `Rejection.invalidFields` with every field that is wrong.
  package init(id: Identifier, fields: JSON) throws(Rejection) {
    var reader = try FieldReader(fields)
    let account = reader.identifier("account", .account)
    let name = reader.name("name", scalars: 1...100)
    let description = reader.optionalName("description", scalars: 0...500)
    let reason = reader.reason()
    try reader.finish()
    self.init(id: id, account: account, name: name, description: description, reason: reason)
  }

  /// An account that the caller does not see is as good as none.
  func decide(for command: Command, in view: some LedgerView) throws -> [NewEvent] {
    let authority = try command.authority(in: view)
    guard let account = try view.account(data.account), authority.sees(account.place) else {
      throw Rejection.invalidFields([FieldProblem("account", "no account has this id")])
    }
    try authority.require(.writeProjects, at: account.place, hiding: "account")
    try account.requireActive()
    return [NewEvent(id, .projectCreated(data))]
  }
}
