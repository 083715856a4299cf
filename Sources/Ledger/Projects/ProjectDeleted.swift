package import CanonicalJSON

/// A project is gone.
package struct ProjectDeleted: EventData, Hashable {
  package static let type = "project.deleted"

  init() {}
  package init(from reader: inout ObjectReader) {}
  package func write(to writer: inout JSONWriter) {}
}
