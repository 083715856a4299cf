import HTTPServer
import Ledger
import Sequencer

/// The one mapping from what the ledger says to what a caller is told.
extension Outcome {
  /// The events of an administration command, or the refusal.
  func accepted() throws(Problem) -> [Event] {
    switch self {
    case .committed(let events): return events
    case .repeated: return []
    case .rejected(let rejection): throw rejection.problem
    case .unavailable(let reason): throw reason.problem
    case .unknown:
      throw Problem(
        status: 503, title: "The outcome is unknown",
        detail: "The change may or may not be in the log; look before repeating it.")
    }
  }

  /// The events of an OAuth command, or the refusal.
  func granted() throws(OAuthError) -> [Event] {
    switch self {
    case .committed(let events): return events
    case .repeated: return []
    case .rejected(let rejection): throw rejection.oauthError
    case .unavailable(let reason):
      throw .temporarilyUnavailable(reason.text, retryAfter: reason.retryAfter)
    case .unknown: throw .temporarilyUnavailable("the outcome is unknown", retryAfter: nil)
    }
  }
}

extension Rejection {
  var problem: Problem {
    switch self {
    case .invalidFields(let problems):
      Problem(status: 422, title: "Fields cannot be taken as they are", errors: problems)
    case .notFound(let thing): .notFound(thing)
    case .missingPermission(let permission): .missing([permission])
    case .missingPermissions(let permissions, let things):
      .missing(permissions, for: things)
    case .taken(let field, let message):
      Problem(
        status: 409, title: "A value is in use already",
        errors: [FieldProblem(field, message)])
    case .conflict(let what, let things):
      Problem(
        status: 409, title: "Something stands in the way", detail: what, conflicts: things)
    case .changedMeanwhile:
      Problem(
        status: 412, title: "The thing was changed meanwhile",
        detail: "If-Match names another version than the one that stands; read it again.")
    case .idempotencyKeyReused:
      Problem(
        status: 422, title: "The Idempotency-Key was used with another body",
        errors: [FieldProblem("Idempotency-Key", "was used with another body")])
    case .tooLarge(let bytes):
      Problem(
        status: 422, title: "The change is too large for the log",
        detail: "Its event would have \(bytes) bytes, the limit is \(Event.maximumSize).")
    case .invalidClient: .invalidToken
    case .invalidScope: Problem(status: 422, title: "The scope cannot be granted")
    case .unauthorizedClient(let what): Problem(status: 403, title: "Not allowed", detail: what)
    case .domainRefused(let why): Problem(status: 403, title: "Not allowed", detail: why.message)
    }
  }

  fileprivate var oauthError: OAuthError {
    switch self {
    case .invalidClient: .invalidClient
    case .invalidScope: .invalidScope
    case .unauthorizedClient(let what): .unauthorizedClient(what)
    case .domainRefused(let why): .unauthorizedClient(why.message)
    case .conflict(let what, _): .temporarilyUnavailable(what, retryAfter: nil)
    case .notFound, .missingPermission, .missingPermissions, .taken, .changedMeanwhile,
      .idempotencyKeyReused:
      .unauthorizedClient("the request is not allowed")
    case .invalidFields(let problems):
      .invalidRequest(problems.map { "\($0.field) \($0.message)" }.joined(separator: "; "))
    case .tooLarge: .invalidRequest("the request is too large for the log")
    }
  }
}

extension Unavailability {
  fileprivate var problem: Problem {
    Problem(
      status: 503, title: "Nothing can be written now", detail: text,
      headers: retryAfter.map { [("Retry-After", String($0))] } ?? [])
  }

  /// Seconds after which a retry may succeed; nil when a person must act first.
  fileprivate var retryAfter: Int? {
    switch self {
    case .queueFull: 1
    case .noSpace: 30
    case .stopping: 5
    case .clock: nil
    }
  }

  var text: String {
    switch self {
    case .queueFull: "too many requests are waiting"
    case .noSpace: "the disk has no room for the log"
    case .clock:
      "the machine's clock cannot be believed until it is right again or an operator confirms it"
    case .stopping: "the server is stopping"
    }
  }
}
