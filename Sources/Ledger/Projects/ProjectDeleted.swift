/// A project is gone.
package struct ProjectDeleted: BareEventData, Hashable {
  package static let type = "project.deleted"

  package init() {}
}
