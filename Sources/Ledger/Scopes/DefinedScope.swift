package import CanonicalJSON

/// A scope value that a project gives to its clients, and what it lets them do.
package struct DefinedScope: CanonicalObject, Hashable {
  /// A project defines at most so many.
  package static let maximumCount = 200

  package let name: String
  package let description: String

  init(name: String, description: String) {
    self.name = name
    self.description = description
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    description = try reader.string("description")
    name = try reader.string("name")
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("description", description)
    writer.member("name", name)
  }
}

extension Project {
  /// The scope of a name, if the project defined it.
  package func scope(named name: String) -> DefinedScope? {
    scopes.first { $0.name.isSame(as: name) }
  }

  /// A project that defined scopes gives its clients those alone; one that defined none, any.
  ///
  /// - Throws: `Rejection.invalidFields` for the field `scope` with every value that it lacks.
  func requireDefined(_ scope: Scope) throws(Rejection) {
    guard !scopes.isEmpty else { return }
    let defined = Set(scopes.map(\.name))
    let unknown = scope.values.map(String.init).filter {
      !defined.contains($0) && Permission(rawValue: $0) == nil
    }
    guard unknown.isEmpty else {
      throw .invalidFields(
        unknown.map { FieldProblem("scope", "\($0) is not a scope that the project defined") })
    }
  }

  func defining(_ data: ScopeDefined) -> Project {
    let scope = DefinedScope(name: data.name, description: data.description)
    return having((scopes + [scope]).sorted { $0.name < $1.name })
  }

  func editing(_ data: ScopeEdited) -> Project {
    let scope = DefinedScope(name: data.name, description: data.after.description)
    return having(scopes.map { $0.name == data.name ? scope : $0 })
  }

  func removing(_ data: ScopeRemoved) -> Project {
    having(scopes.filter { $0.name != data.name })
  }
}
