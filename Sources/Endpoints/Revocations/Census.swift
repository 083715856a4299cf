import CanonicalJSON
import Ledger
import Projections

/// How much of what a list names is there at a moment, and of what would end with it: each thing
/// counted once.
struct Census {
  /// Listed clients by their status; a deleted one has none.
  private var clients: [Client.Status: Int] = [:]
  private var deletedClients = 0
  /// Those that have not ended, of listed clients and listed themselves.
  private var activeSecrets = 0
  private var tokens = LiveTokens()

  /// At most so many tokens are looked at, spread over the clients.
  private static let effort = 50_000

  /// - Parameter end: as of the event before this position; not inside a read.
  init(
    of list: RevocationList, before end: Position, at time: Timestamp, in state: StateSnapshot
  ) throws {
    let past = Past(state: state, moment: Moment(position: end - 1, time: time))
    var holders: [Holder] = []
    try state.read(asOf: past.moment.position) { state in
      try count(list, at: time, in: state)
      holders = try Holder.all(of: list, in: state)
    }
    let effort = max(Self.effort / max(holders.count, 1), 100)
    for holder in holders {
      tokens = tokens + (try holder.liveTokens(before: end, at: time, in: past, effort: effort))
    }
  }

  private mutating func count(
    _ list: RevocationList, at time: Timestamp, in state: StateSnapshot
  ) throws {
    for id in list.clients {
      guard let client = try state.client(id) else { continue }
      if client.isDeleted {
        deletedClients += 1
      } else {
        clients[client.status, default: 0] += 1
      }
      activeSecrets += try state.secrets(of: id).count { $0.isActive(at: time) }
    }
    let counted = Set(list.clients)
    activeSecrets += try list.secrets.count { id in
      guard let secret = try state.secret(id) else { return false }
      return !counted.contains(secret.client) && secret.isActive(at: time)
    }
  }

  /// What must be left when all that the list names has ended.
  var whenEnded: Census {
    var census = self
    census.clients = [.revoked: clients.values.reduce(0, +)]
    census.activeSecrets = 0
    census.tokens = LiveTokens()
    return census
  }

  var representation: JSON {
    let statuses = Client.Status.allCases.map { ($0.rawValue, clients[$0] ?? 0) }
    let members = (statuses + [("deleted", deletedClients)]).map { name, count in
      JSON.Member(name, .integer(Int64(count)))
    }
    return .object([
      .init("active_secrets", .integer(Int64(activeSecrets))), .init("clients", .object(members)),
      .init("live_tokens", .integer(Int64(tokens.count))),
      .init("live_tokens_is_lower_bound", .bool(!tokens.isComplete)),
    ])
  }
}

/// A client that has some of the tokens that a list would end.
private struct Holder {
  let client: Client
  /// All of its tokens are meant.
  var isListed = false
  /// The ones that these secrets bought.
  var secrets: Set<Identifier> = []
  /// And these.
  var tokens: [IssuedToken] = []

  /// Inside a read.
  static func all(of list: RevocationList, in state: StateSnapshot) throws -> [Holder] {
    var holders: [Identifier: Holder] = [:]
    func change(_ client: Identifier, _ body: (inout Holder) -> Void) throws {
      guard let found = try holders[client] ?? state.client(client).map({ Holder(client: $0) })
      else { return }
      var holder = found
      body(&holder)
      holders[client] = holder
    }
    for id in list.clients { try change(id) { $0.isListed = true } }
    for id in list.secrets {
      guard let secret = try state.secret(id) else { continue }
      try change(secret.client) { $0.secrets.insert(id) }
    }
    for listed in list.tokens {
      guard let token = try state.issuedToken(listed.id, at: listed.position) else { continue }
      try change(token.client) { $0.tokens.append(token) }
    }
    return Array(holders.values)
  }

  func liveTokens(
    before end: Position, at time: Timestamp, in past: Past, effort: Int
  ) throws -> LiveTokens {
    if isListed {
      return try LiveTokens(of: client, before: end, at: time, in: past, effort: effort)
    }
    let single = tokens.filter { !secrets.contains($0.data.secret) }
    let live = try LiveTokens(among: single, of: client, before: end, at: time, in: past)
    guard !secrets.isEmpty else { return live }
    return try live
      + LiveTokens(of: client, before: end, at: time, in: past, effort: effort) {
        secrets.contains($0.data.secret)
      }
  }
}
