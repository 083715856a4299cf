package import CanonicalJSON

/// Creates a project under an account.
package struct CreateProject: Sendable {
  let id: Identifier
  let data: ProjectCreated

  package init(id: Identifier, account: Identifier, name: String, description: String?) {
    self.id = id
    data = ProjectCreated(account: account, name: name, description: description)
  }

  /// Reads `{"name","description","account"}`.
  ///
  /// - Throws: `Rejection.invalidFields` with every field that is wrong.
  package init(id: Identifier, fields: JSON) throws(Rejection) {
    var reader = try FieldReader(fields)
    let account = reader.identifier("account", .account)
    let name = reader.name("name", scalars: 1...100)
    let description = reader.optionalName("description", scalars: 0...500)
    try reader.finish()
    self.init(id: id, account: account, name: name, description: description)
  }

  func decide(in view: some LedgerView) throws -> [NewEvent] {
    guard try view.account(data.account) != nil else {
      throw Rejection.invalidFields([FieldProblem("account", "no account has this id")])
    }
    return [NewEvent(id, .projectCreated(data))]
  }
}
