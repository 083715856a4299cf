import Journal
import Ledger

/// Tells which events somebody caused who holds a suspected credential: by the token that was shown,
/// and the secret that bought it.
struct Attribution {
  var suspicion: Suspicion
  private let reader: any JournalReader
  /// Tokens that were shown; bounded.
  private var known: [Position: FoundToken] = [:]

  private static let capacity = 65_536

  init(_ suspicion: Suspicion, _ reader: any JournalReader) {
    self.suspicion = suspicion
    self.reader = reader
  }

  enum Verdict: Hashable {
    /// Caused with a credential so deep in the suspicion.
    case caused(depth: Int)
    /// Caused by a client that holds a suspected secret, and the log does not tell with which of its
    /// secrets.
    case uncertain
    case unrelated
  }

  /// - Parameter event: one that issues no token.
  mutating func verdict(on event: Event) throws -> Verdict {
    guard case .client(let client, let address, let token) = event.actor else { return .unrelated }
    let shown = suspicion.depth(of: client, from: address)
    guard let token else {
      return shown.map(Verdict.caused)
        ?? (suspicion.holders.contains(client) ? .uncertain : .unrelated)
    }
    let bought = try depth(ofTokenAt: token)
    return [shown, bought].compactMap(\.self).min().map(Verdict.caused) ?? .unrelated
  }

  /// How deep a token is in the suspicion; nil when it is not, and where none was issued.
  mutating func depth(ofTokenAt position: Position) throws -> Int? {
    try token(at: position).flatMap { found in
      suspicion.depth(
        ofTokenBy: found.token.data.secret, of: found.token.client, from: found.address)
    }
  }

  private mutating func token(at position: Position) throws -> FoundToken? {
    if let found = known[position] { return found }
    guard let event = try reader.event(at: position).map({ try Event(canonicalBytes: $0) }),
      let found = FoundToken(event)
    else { return nil }
    if known.count >= Self.capacity { known = [:] }
    known[position] = found
    return found
  }
}
