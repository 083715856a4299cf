import HTTPServer
import Ledger
import Projections

/// The caller of an administration endpoint.
struct Administrator {
  let actor: Actor
  let id: Identifier
  /// What its token carries.
  let permissions: Set<Permission>
  let credential: Command.Credential
  /// What its roles give it now, as far as its token carries it.
  let authority: Authority

  /// Whether the caller may do something with what stands at a place.
  ///
  /// - Parameter thing: what stands there, named to a caller that may not know of it.
  /// - Throws: 404 when the place is out of the caller's sight, 403 naming the permission when it
  ///   is not.
  func require(
    _ permission: Permission, at place: Place, hiding thing: String
  ) throws(Problem) {
    do {
      try authority.require(permission, at: place, hiding: thing)
    } catch {
      throw error.problem
    }
  }

  /// A thing that the caller holds a permission for.
  ///
  /// - Throws: 404 without the thing, else what `require` throws.
  func visible<Thing: Placed>(
    _ thing: Thing?, _ name: String, _ permission: Permission
  ) throws(Problem) -> Thing {
    guard let thing else { throw .notFound(name) }
    try require(permission, at: thing.place, hiding: name)
    return thing
  }

  /// Where the caller holds a permission.
  ///
  /// - Throws: 403 naming the permission when nowhere.
  func places(for permission: Permission) throws(Problem) -> Places {
    guard let places = authority.places(for: permission) else { throw .missing([permission]) }
    return places
  }
}

extension Desk {
  /// The one bearer check (RFC 6750 §2.1): a good live token of this ledger, meant for it, that
  /// carries a permission which its client holds by a role now.
  ///
  /// A read of audit data is noted.
  ///
  /// - Parameter place: where the permission must be held; anywhere unless given.
  /// - Throws: 401 without a good token, 403 without the permission, 503 when audit data are to be
  ///   read and that could not be recorded.
  func administrator(
    _ request: Request, _ permission: Permission, at place: Place? = nil
  ) throws -> Administrator {
    guard let header = request.header("authorization") else { throw Problem.unauthenticated }
    let parts = header.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else {
      throw Problem.unauthenticated
    }
    let caller = try state.read { state in
      try administrator(bearing: String(parts[1]), from: request.peer, in: state)
    }
    let authority = caller.authority
    guard place.map({ authority.holds(permission, at: $0) }) ?? authority.holds(permission) else {
      throw Problem.missing([permission])
    }
    try noteReading(request, by: caller.actor)
    return caller
  }

  private func administrator(
    bearing compact: String, from peer: String, in state: StateSnapshot
  ) throws -> Administrator {
    guard let token = try activeToken(compact), token.data.audience == service.issuer,
      token.data.mode == .live
    else {
      throw Problem.invalidToken
    }
    let permissions = token.data.scope.permissions
    return Administrator(
      actor: .client(token.client, address: peer, token: token.position), id: token.client,
      permissions: permissions, credential: .token(token.id, token.position),
      authority: try state.authority(of: token.client).narrowed(to: permissions))
  }
}
