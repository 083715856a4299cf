package import CanonicalJSON

/// A project has another name or description from here on.
package struct ProjectEdited: EventData, Hashable {
  package static let type = "project.edited"

  /// The members that changed, and no others; one without a value is left out.
  package struct Members: CanonicalObject, Hashable {
    package let description: String?
    package let name: String?

    fileprivate static let none = Members(description: nil, name: nil)

    init(description: String?, name: String?) {
      self.description = description
      self.name = name
    }

    package init(from reader: inout ObjectReader) throws(MalformedObject) {
      description = try reader.optionalString("description")
      name = try reader.optionalString("name")
    }

    package func write(to writer: inout JSONWriter) {
      writer.member("description", optional: description)
      writer.member("name", optional: name)
    }
  }

  package let before: Members
  package let after: Members

  init(before: Members, after: Members) {
    self.before = before
    self.after = after
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    after = try reader.object("after", Members.self)
    before = try reader.object("before", Members.self)
    guard (before.name == nil) == (after.name == nil) else {
      throw reader.malformed("after", "has a name without a name before, or the other way round")
    }
    guard before != Members.none || after != Members.none else {
      throw reader.malformed("after", "changes nothing")
    }
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("after", object: after)
    writer.member("before", object: before)
  }
}
