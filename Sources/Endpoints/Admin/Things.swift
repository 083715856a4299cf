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

  /// One thing as it stands, or as it stood at the moment that `as_of` names.
  ///
  /// - Parameter facts: members beside those of the record.
  func show<Record: CanonicalObject & Placed>(
    _ text: String, _ kind: Identifier.Kind, _ name: String, _ request: Request,
    _ permission: Permission, for caller: Administrator,
    _ find: (StateSnapshot, Identifier) throws -> Record?,
    facts: (Identifier, StateSnapshot) throws -> [JSON.Member] = { _, _ in [] }
  ) throws -> Response {
    let query = try query(request, ["as_of"])
    let id = try identifier(text, kind, name)
    return try read(asOf: query["as_of"]) { state in
      let record = try caller.visible(try find(state, id), name, permission)
      return try Self.answer(
        try Self.representation(record).adding(facts(id, state)), id, state)
    }
  }

  /// A thing with its `ETag`: the position of the event that last changed it.
  static func answer(
    _ representation: JSON, _ id: Identifier, _ state: StateSnapshot
  ) throws -> Response {
    var response = Response.json(representation)
    response.headers += try entityTag(id, state)
    return response
  }

  static func entityTag(
    _ id: Identifier, _ state: StateSnapshot
  ) throws -> [(name: String, value: String)] {
    try state.version(of: id).map { [("ETag", "\"\($0)\"")] } ?? []
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
