import CanonicalJSON
import Ledger
import Projections

/// An event that ended secrets or tokens, and what came of it.
struct Revocation {
  static let types = [
    AccountSuspended.type, ClientDeleted.type, ClientDisabled.type, ClientEdited.type,
    ClientRevoked.type, DomainChanged.type, DomainRemoved.type, SecretRevoked.type,
    SecretRotated.type, TokenRevoked.type,
  ]

  static let columns =
    [
      "position", "time", "trigger", "subject", "by", "by_name", "grounds", "reason",
      "secrets", "secrets_ended", "tokens_ended", "tokens_ended_is_lower_bound", "effect_position",
      "effect_time", "seconds_to_effect",
    ] + Past.clientColumns

  private let event: Event
  private let past: Past
  private var client: Client?
  /// Whose domain it was.
  private var project: Project?
  private var grounds: Grounds?
  private var secrets: [Identifier] = []
  private var tokens = LiveTokens()
  /// When the last of what it ended came to its end.
  private var effect: Timestamp

  /// Nil for an event that ended nothing. Not inside a read.
  init?(_ event: Event, in past: Past) throws {
    self.event = event
    self.past = past
    effect = event.recorded
    switch event.body {
    case .accountSuspended: try endTokens(ofAccount: event.subject)
    case .clientDisabled: try endClient(withSecrets: false)
    case .clientEdited(let data):
      guard data.takesAway else { return nil }
      try endClient(withSecrets: false)
    case .clientRevoked(let data):
      grounds = data.grounds
      try endClient(withSecrets: true)
    case .clientDeleted: try endClient(withSecrets: true)
    case .domainChanged(let data):
      guard data.endsTokens else { return nil }
      try endTokens(ofDomain: data.domain)
    case .domainRemoved(let data): try endTokens(ofDomain: data.domain)
    case .secretRevoked(let data):
      grounds = data.grounds
      secrets = [event.subject]
      try find(data.client)
      try client.map { tokens = try liveTokens(of: $0) { $0.data.secret == event.subject } }
    case .secretRotated(let data):
      guard !data.replaced.isEmpty else { return nil }
      secrets = data.replaced.map(\.id)
      try find(data.client)
      effect = try end(of: data.replaced)
    case .tokenRevoked(let data):
      tokens = .one
      try find(data.client)
    default: return nil
    }
  }

  private mutating func find(_ client: Identifier) throws {
    self.client = try past.state.read(asOf: past.moment.position) { try $0.client(client) }
  }

  private mutating func endClient(withSecrets: Bool) throws {
    try find(event.subject)
    guard let client else { return }
    tokens = try liveTokens(of: client)
    guard withSecrets, event.position > 0 else { return }
    secrets = try past.state.read(asOf: event.position - 1) { state in
      try state.secrets(of: client.id).filter { $0.isActive(at: event.recorded) }.map(\.id)
    }
  }

  private mutating func endTokens(ofAccount account: Identifier) throws {
    let clients = try past.state.read(asOf: event.position) { state in
      try past.clients(ofAccount: account, at: event.position).compactMap { try state.client($0) }
    }
    for client in clients where !client.isDeleted {
      tokens = tokens + (try liveTokens(of: client))
    }
  }

  private mutating func endTokens(ofDomain domain: DomainName) throws {
    project = try past.state.read(asOf: event.position) { try $0.project(event.subject) }
    let clients = try past.state.read(asOf: event.position) { state in
      try past.clients(ofProject: event.subject, at: event.position)
        .compactMap { try state.client($0) }
    }
    for client in clients where !client.isDeleted {
      tokens = tokens + (try liveTokens(of: client) { $0.data.domain == domain })
    }
  }

  /// Tokens of a client that were good just before the event.
  private func liveTokens(
    of client: Client, where isMeant: (IssuedToken) -> Bool = { _ in true }
  ) throws -> LiveTokens {
    try LiveTokens(
      of: client, before: event.position, at: event.recorded, in: past, where: isMeant)
  }

  /// When the last of some replaced secrets ended: by the overlap, or by an order before it.
  private func end(of replaced: [SecretRotated.Replaced]) throws -> Timestamp {
    let ends = try past.state.read(asOf: past.moment.position) { state in
      try replaced.map { old -> Timestamp in
        let secret = try state.secret(old.id)
        let overlap = Timestamp(seconds: secret?.expires ?? old.expires)
        return min(overlap, secret?.revoked ?? overlap)
      }
    }
    return max(event.recorded, ends.max() ?? event.recorded)
  }

  /// The event that made it so, or the first one behind it; nil while that is to come.
  private func effectPosition() throws -> Position? {
    guard effect > event.recorded else { return event.position }
    guard effect <= past.moment.time else { return nil }
    let position = try past.state.read(asOf: past.moment.position) { _ in
      try past.firstPosition(since: effect)
    }
    return position <= past.moment.position ? position : nil
  }

  /// In the order of the columns. Not inside a read.
  func cells() throws -> [JSON?] {
    let effectPosition = try effectPosition()
    return try past.state.read(asOf: past.moment.position) { _ in
      let by = try Author(event.actor, in: past)
      return [
        .integer(Int64(event.position)), .string(event.recorded.text),
        .string(type(of: event.body.data).type), .string(event.subject.text), by.id, by.name,
        grounds.map { .string($0.rawValue) }, event.reason.map { .string($0) },
        .array(secrets.map { .string($0.text) }), .integer(Int64(secrets.count)),
        .integer(Int64(tokens.count)), .bool(!tokens.isComplete),
        effectPosition.map { .integer(Int64($0)) }, .string(effect.text),
        .integer((effect.microseconds - event.recorded.microseconds) / 1_000_000),
      ] + (try client.map { try past.cells($0) } ?? placeCells())
    }
  }

  /// What stands for a client where there is none.
  private func placeCells() throws -> [JSON?] {
    let account = project?.account ?? event.subject
    let ids = [account] + (project.map { [$0.id] } ?? [])
    let cells: [JSON?] = try ids.flatMap { [.string($0.text), try past.name($0)] }
    return cells + Array(repeating: nil, count: Past.clientColumns.count - cells.count)
  }
}

extension Report {
  static let revocations = Report(
    name: "revocations",
    description:
      "Every event that ended secrets or tokens, with what it ended and when that took effect.",
    parameters: [.days("How far back to look.", default: 365)], columns: Revocation.columns
  ) { past, arguments, rows in
    let start = past.daysAgo(arguments.days)
    try past.events(ofTypes: Revocation.types, since: start) { event in
      if let revocation = try Revocation(event, in: past) { try rows(revocation.cells()) }
    }
  }
}
