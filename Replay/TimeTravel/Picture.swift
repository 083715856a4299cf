import CanonicalJSON
import Cryptography
import Journal
package import Ledger
import MerkleLog
import Narrative

/// What there is to say of a ledger at a moment: of all of it, or of one thing and what belongs to it.
package struct Picture {
  package let moment: PastMoment
  let state: PastState
  let selection: Selection
  let census: TokenCensus
  let token: FoundToken?
  /// Of the tree over the events that count; nil for a log that has no tiles yet.
  let root: SHA256Digest?

  /// A picture of the moment that a walk has come to.
  ///
  /// - Parameter subject: nil for the whole ledger.
  /// - Returns: nil when the subject was not there.
  @available(*, noasync)
  package init?(
    _ walk: LogWalk, at moment: PastMoment, of subject: Identifier?
  ) throws {
    self.moment = moment
    state = walk.state
    token = try Self.token(subject, walk.reader, upTo: moment.position)
    if let subject, token == nil {
      guard let found = Selection(of: subject, state) else { return nil }
      selection = found
    } else {
      selection = token.map { _ in Selection.none } ?? Selection(state)
    }
    census = try TokenCensus(state, moment, walk.reader)
    root =
      walk.reader.hasTiles
      ? try MerkleTree(size: moment.position + 1, tiles: walk.reader).head().root : nil
  }

  private static func token(
    _ subject: Identifier?, _ reader: any JournalReader, upTo position: Position
  ) throws -> FoundToken? {
    guard let subject, subject.kind == .token else { return nil }
    return try reader.tokenEvent(subject, head: position + 1).flatMap(FoundToken.init)
  }
}

extension Picture {
  /// Lists of things, by the names that the JSON form gives them.
  static let lists: [(name: String, kind: Identifier.Kind)] = [
    ("accounts", .account), ("charges", .charge), ("clients", .client), ("keys", .key),
    ("plans", .plan), ("projects", .project), ("roles", .role), ("secrets", .secret),
  ]

  /// A thing as the endpoint for it shows it, and what the log knows beside that.
  func shown(_ id: Identifier) throws -> JSON {
    switch id.kind {
    case .account: try Self.members(state.account(id))
    case .charge: try Self.members(state.charges[id]?.record)
    case .client: try shown(client: id)
    case .key: try Self.members(state.keys[id]?.record)
    case .ledger: try Self.members(state.ledgers[id]?.record)
    case .plan: try Self.members(state.plan(id))
    case .project: try Self.members(state.project(id))
    case .role: state.role(id)?.shown ?? .null
    case .secret: state.secret(id).map(shown) ?? .null
    case .grant, .token: .null
    }
  }

  private static func members(_ record: (some CanonicalObject)?) throws -> JSON {
    try record.map { try JSON.parse($0.canonicalBytes()) } ?? .null
  }

  /// With roles, acknowledgements and how many of its tokens are good.
  private func shown(client id: Identifier) throws -> JSON {
    var members = try Self.members(state.client(id)).members ?? []
    let grants = state.holdings(of: id)?.grants ?? []
    members.append(.init("roles", .array(try grants.compactMap { try $0.shown(in: state) })))
    members.append(.init("live_tokens", .integer(Int64(census.byClient[id] ?? 0))))
    if let acknowledged = state.acknowledgements[id] {
      members.append(.init("acknowledgements", try Self.members(acknowledged)))
    }
    return .object(members)
  }

  private func shown(_ secret: Secret) -> JSON {
    .object(
      (secret.shown.members ?? []) + [
        .init("active", .bool(secret.isActive(at: moment.time))),
        .init("client", .string(secret.client.text)),
        .init("live_tokens", .integer(Int64(census.bySecret[secret.id] ?? 0))),
      ])
  }
}
