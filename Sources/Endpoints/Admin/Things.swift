import CanonicalJSON
import HTTPServer
import Ledger
import Projections

/// One thing by its identifier.
extension Desk {
  /// The identifier in a path; anything else is a thing that is not there.
  func identifier(
    _ text: String, _ kind: Identifier.Kind, _ name: String
  ) throws(Problem) -> Identifier {
    guard let id = Identifier(text, kind) else { throw .notFound(name) }
    return id
  }

  func show<Record: CanonicalObject>(
    _ text: String, _ kind: Identifier.Kind, _ name: String,
    _ find: (StateSnapshot, Identifier) throws -> Record?
  ) throws -> Response {
    let id = try identifier(text, kind, name)
    guard let record = try state.read({ try find($0, id) }) else {
      throw Problem.notFound(name)
    }
    return Response.json(try Self.representation(record))
  }

  /// Turns the rejection of a body into the answer for it.
  func rejecting<Action>(_ make: () throws -> Action) throws -> Action {
    do {
      return try make()
    } catch let rejection as Rejection {
      throw rejection.problem
    }
  }
}
