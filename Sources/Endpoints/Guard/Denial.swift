import Cryptography
import Ledger

/// An attempt to authenticate that was denied, as a loop saw it.
struct Denial: Sendable {
  enum What: Sendable {
    /// The secret was wrong, or no secret of the client may be accepted.
    case failed([PresentedCode])
    case slowed
    case locked
    case domain
  }

  let key: AttemptKey
  let source: Source
  /// The one that was meant; nil where none is known.
  let client: Identifier?
  /// The epoch second at which the minute of the attempt began.
  let minute: Int64
  let what: What
}

/// The code that a presented secret has under a pepper, for the client that it was presented for.
struct PresentedCode: Sendable {
  let pepper: String
  let code: SHA256Digest
}

/// A client reads a part of the audit data in one minute.
struct Reading: Hashable, Sendable {
  let reader: Actor
  let route: Route
  let minute: Int64
}
