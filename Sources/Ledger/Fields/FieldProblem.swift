/// A field of a request that cannot be taken as it is, and the limit it broke.
package struct FieldProblem: Sendable, Hashable {
  package let field: String
  package let message: String

  package init(_ field: String, _ message: String) {
    self.field = field
    self.message = message
  }
}
