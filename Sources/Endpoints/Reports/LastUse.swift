import CanonicalJSON
import Ledger
import Projections

/// When a secret was used last to get a token.
struct LastUse {
  static let columns = ["last_used", "last_used_before"]

  /// Nil when that is not known, or there was no use.
  private(set) var time: Timestamp?
  /// The last use is not known, but it was before this time, if there was one.
  private(set) var before: Timestamp?

  /// The state knows of the last use of all; for one before that the client's tokens are gone
  /// through, the last first, and given up after a thousand. Inside a read as of the moment.
  init(of secret: Secret, in past: Past) throws {
    guard let last = try past.state.use(of: secret.id)?.last else { return }
    if last < past.moment.time {
      time = last
      return
    }
    let positions = try past.state.lastTokens(of: secret.client, limit: Self.effort)
    for position in positions {
      guard let token = try past.token(at: position), token.issued >= secret.created else { return }
      before = token.issued
      guard token.data.secret == secret.id else { continue }
      (time, before) = (token.issued, nil)
      return
    }
    if positions.count < Self.effort { before = nil }
  }

  private static let effort = 1_000

  var cells: [JSON?] { [time.map { .string($0.text) }, before.map { .string($0.text) }] }
}
