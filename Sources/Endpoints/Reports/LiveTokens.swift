import Ledger
import Projections

/// How many tokens of a client were good at a moment.
struct LiveTokens {
  private(set) var count = 0
  /// False when there may have been more: no more than so many tokens are looked at.
  private(set) var isComplete = true

  init() {}

  static let one: LiveTokens = {
    var one = LiveTokens()
    one.count = 1
    return one
  }()

  /// Those that were issued before a position and good there. Not inside a read.
  ///
  /// - Parameters:
  ///   - time: that of the moment.
  ///   - effort: at most so many tokens are looked at, the last ones.
  ///   - isMeant: which of them count.
  init(
    of client: Client, before end: Position, at time: Timestamp, in past: Past,
    effort: Int = 10_000, where isMeant: (IssuedToken) -> Bool = { _ in true }
  ) throws {
    guard end > 0 else { return }
    try past.state.read(asOf: end - 1) { state in
      let first = try Self.firstPosition(at: time, in: past)
      let endings = try Endings(of: client, from: first, before: end, in: state)
      isComplete = try past.tokens(of: client.id, in: first..<end, effort: effort) { token in
        if isMeant(token), endings.spare(token, at: time) { count += 1 }
      }
    }
  }

  /// Some tokens of a client, each once, that were good before a position. Not inside a read.
  init(
    among tokens: [IssuedToken], of client: Client, before end: Position, at time: Timestamp,
    in past: Past
  ) throws {
    guard end > 0, !tokens.isEmpty else { return }
    try past.state.read(asOf: end - 1) { state in
      let first = try Self.firstPosition(at: time, in: past)
      let endings = try Endings(of: client, from: first, before: end, in: state)
      count = tokens.count { endings.spare($0, at: time) }
    }
  }

  /// What was issued before it has expired.
  private static func firstPosition(at time: Timestamp, in past: Past) throws -> Position {
    let start = time.microseconds - ClientMetadata.maximumTokenLifetime * 1_000_000
    return try past.firstPosition(since: Timestamp(microseconds: max(0, start)))
  }

  static func + (left: LiveTokens, right: LiveTokens) -> LiveTokens {
    var sum = left
    sum.count += right.count
    sum.isComplete = left.isComplete && right.isComplete
    return sum
  }
}

/// Which tokens of a client had ended before a position, from what the log says of the time in which
/// they could have been issued.
private struct Endings {
  /// Tokens issued at a lower position are void.
  private var boundary: Position
  private var secrets: [Identifier: Position] = [:]
  private var tokens: Set<Position> = []
  private let project: Project?

  init(
    of client: Client, from first: Position, before end: Position, in state: StateSnapshot
  ) throws {
    boundary = first
    project = try state.project(client.project)
    for position in try state.events(ofType: AccountSuspended.type, from: first) {
      let suspension = try state.event(at: position)
      if suspension?.subject == client.account { boundary = max(boundary, position) }
    }
    let history = try state.history(
      of: client.id, from: first, through: end - 1, limit: .max)
    for position in history { try state.event(at: position).map { note($0) } }
  }

  private mutating func note(_ event: Event) {
    switch event.body {
    case .tokenRevoked(let data): tokens.insert(data.issuedAt)
    case .secretRevoked: secrets[event.subject] = event.position
    default: if event.voidsTokens { boundary = max(boundary, event.position) }
    }
  }

  /// Whether a token was still good.
  func spare(_ token: IssuedToken, at time: Timestamp) -> Bool {
    token.position >= boundary && !tokens.contains(token.position)
      && !hasExpired(token.data.expires, at: time)
      && (secrets[token.data.secret].map { token.position >= $0 } ?? true)
      && standsWithItsDomain(token)
  }

  private func standsWithItsDomain(_ token: IssuedToken) -> Bool {
    guard let domain = token.data.domain else { return true }
    return project?.domain(domain)?.stands(behind: token) ?? false
  }
}

extension Event {
  /// Whether every token ends that its subject, a client, had.
  fileprivate var voidsTokens: Bool {
    switch body {
    case .clientDisabled, .clientRevoked, .clientDeleted: true
    case .clientEdited(let data): data.takesAway
    default: false
    }
  }
}
