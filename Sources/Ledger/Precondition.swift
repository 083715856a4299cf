/// What a change rests on: the thing as its caller last saw it (RFC 9110 §13.1.1, `If-Match`).
package struct Precondition: Sendable, Hashable {
  let thing: Identifier
  let version: Position?

  /// - Parameter version: the position of the event that last changed the thing; nil when any
  ///   version will do.
  package init(_ thing: Identifier, version: Position?) {
    self.thing = thing
    self.version = version
  }

  /// - Throws: `Rejection.changedMeanwhile` when the thing was changed since.
  func check(in view: some LedgerView) throws {
    guard let version else { return }
    guard try view.version(of: thing) == version else { throw Rejection.changedMeanwhile }
  }
}
