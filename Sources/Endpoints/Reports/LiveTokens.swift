import Ledger
import Projections

/// How many tokens of a client were good just before an event.
struct LiveTokens {
  private(set) var count = 0
  /// False when there may have been more: no more than so many tokens are looked at.
  private(set) var isComplete = true

  private static let effort = 10_000

  init() {}

  static let one: LiveTokens = {
    var one = LiveTokens()
    one.count = 1
    return one
  }()

  /// Not inside a read.
  ///
  /// - Parameters:
  ///   - secret: those that it bought; nil for those of all secrets.
  ///   - domain: those that were issued for it; nil for those of all domains and of none.
  init(
    of client: Client, secret: Identifier? = nil, domain: DomainName? = nil, before event: Event,
    in past: Past
  ) throws {
    guard event.position > 0 else { return }
    let start = max(
      0, event.recorded.microseconds - ClientMetadata.maximumTokenLifetime * 1_000_000)
    try past.state.read(asOf: event.position - 1) { state in
      let first = try past.firstPosition(since: Timestamp(microseconds: start))
      let endings = try Endings(of: client, from: first, before: event, in: state)
      isComplete = try past.tokens(
        of: client.id, in: first..<event.position, effort: Self.effort
      ) { token in
        let isMeant =
          (secret == nil || token.data.secret == secret)
          && (domain == nil || token.data.domain == domain)
        if isMeant, endings.spare(token, at: event.recorded) { count += 1 }
      }
    }
  }

  static func + (left: LiveTokens, right: LiveTokens) -> LiveTokens {
    var sum = left
    sum.count += right.count
    sum.isComplete = left.isComplete && right.isComplete
    return sum
  }
}

/// Which tokens of a client had ended before an event, from what the log says of the time in which
/// they could have been issued.
private struct Endings {
  /// Tokens issued at a lower position are void.
  private var boundary: Position
  private var secrets: [Identifier: Position] = [:]
  private var tokens: Set<Position> = []
  private let project: Project?

  init(
    of client: Client, from first: Position, before event: Event, in state: StateSnapshot
  ) throws {
    boundary = first
    project = try state.project(client.project)
    for position in try state.events(ofType: AccountSuspended.type, from: first) {
      let suspension = try state.event(at: position)
      if suspension?.subject == client.account { boundary = max(boundary, position) }
    }
    let history = try state.history(
      of: client.id, from: first, through: event.position - 1, limit: .max)
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
