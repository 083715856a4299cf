import HTTPServer
import Ledger
import Projections

/// The caller of an administration endpoint.
struct Administrator {
  let actor: Actor
  let id: Identifier
  let permissions: Set<Permission>
  let credential: Command.Credential

  /// Whether the caller may do something with what stands at a place.
  ///
  /// - Parameter thing: what stands there, named to a caller that may not know of it.
  /// - Throws: 403 naming the permission.
  func require(
    _ permission: Permission, at place: Place, hiding thing: String, in state: StateSnapshot
  ) throws {
    guard permissions.contains(permission) else { throw Problem.missing(permission) }
  }
}

extension Desk {
  /// The one bearer check (RFC 6750 §2.1): a good live token of this ledger, meant for it, with
  /// the permission.
  ///
  /// - Throws: 401 without a good token, 403 without the permission.
  func administrator(_ request: Request, _ permission: Permission) throws -> Administrator {
    guard let header = request.header("authorization") else { throw Problem.unauthenticated }
    let parts = header.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else {
      throw Problem.unauthenticated
    }
    let token = try state.read { _ in try activeToken(String(parts[1])) }
    guard let token, token.data.audience == service.issuer, token.data.mode == .live else {
      throw Problem.invalidToken
    }
    let permissions = token.data.scope.permissions
    guard permissions.contains(permission) else { throw Problem.missing(permission) }
    return Administrator(
      actor: .client(token.client, address: request.peer), id: token.client,
      permissions: permissions, credential: .token(token.id, token.position))
  }
}
