package import CanonicalJSON

/// A project defined a scope for its clients.
package struct ScopeDefined: EventData, Hashable {
  package static let type = "scope.defined"

  package let description: String
  package let name: String

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

/// A scope of a project has another description from here on.
package struct ScopeEdited: EventData, Hashable {
  package static let type = "scope.edited"

  package struct Members: CanonicalObject, Hashable {
    package let description: String

    init(description: String) { self.description = description }

    package init(from reader: inout ObjectReader) throws(MalformedObject) {
      description = try reader.string("description")
    }

    package func write(to writer: inout JSONWriter) {
      writer.member("description", description)
    }
  }

  package let name: String
  package let before: Members
  package let after: Members

  init(name: String, before: Members, after: Members) {
    self.name = name
    self.before = before
    self.after = after
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    after = try reader.object("after", Members.self)
    before = try reader.object("before", Members.self)
    name = try reader.string("name")
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("after", object: after)
    writer.member("before", object: before)
    writer.member("name", name)
  }
}

/// A project's clients cannot be given a scope any more.
package struct ScopeRemoved: EventData, Hashable {
  package static let type = "scope.removed"

  package let name: String

  init(name: String) { self.name = name }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    name = try reader.string("name")
  }

  package func write(to writer: inout JSONWriter) { writer.member("name", name) }
}
