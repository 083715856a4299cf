/// Why a command is refused. A refused command leaves nothing behind.
package enum Rejection: Error, Sendable, Hashable {
  /// Fields that cannot be taken, every one of them.
  case invalidFields([FieldProblem])
  /// The thing named by the request is not there.
  case notFound(String)
  case missingPermission(Permission)
  /// The same for several things: which permissions, and what each thing takes.
  case missingPermissions(Set<Permission>, [FieldProblem])
  /// A value that must be unique is in use.
  case taken(field: String, String)
  /// What stands in the way, and the things that do.
  case conflict(String, [Identifier] = [])
  /// The thing is not any more as the caller last saw it.
  case changedMeanwhile
  /// The key was used with another body.
  case idempotencyKeyReused
  /// An event would be larger than the log takes.
  case tooLarge(bytes: Int)
  /// RFC 6749 §5.2.
  case invalidClient
  case invalidScope
  case unauthorizedClient(String)
  /// No token is issued for the domain of the request.
  case domainRefused(DomainRefusal)
}
