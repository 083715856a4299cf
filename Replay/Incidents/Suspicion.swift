package import Ledger
package import Networks

/// What an incident begins with: what has leaked, or where somebody was who should not.
package enum Suspect: Sendable, Hashable {
  case secret(Identifier)
  case client(Identifier)
  case network(Network)
}

/// The secrets and clients that somebody holds who should not: those that an incident begins with,
/// those that were made with them, and with these in turn. Grows in the order of the log.
struct Suspicion: Sendable {
  /// How a credential came to be suspected.
  struct Origin: Sendable, Hashable {
    /// 0 for what the incident begins with, 1 for what was made with that, and so on.
    let depth: Int
    /// The event that made it; nil at depth 0.
    let made: Position?
  }

  private(set) var clients: [Identifier: Origin] = [:]
  /// Without those that are suspected because their clients are.
  private(set) var secrets: [Identifier: Origin] = [:]
  /// Whose these secrets are.
  private(set) var holders: Set<Identifier> = []
  private let network: Network?

  init(_ suspect: Suspect) {
    let origin = Origin(depth: 0, made: nil)
    switch suspect {
    case .secret(let id): (secrets, network) = ([id: origin], nil)
    case .client(let id): (clients, network) = ([id: origin], nil)
    case .network(let network): self.network = network
    }
  }

  /// How deep a token is in it that a secret bought for a client, from an address; nil when it is
  /// not.
  func depth(ofTokenBy secret: Identifier, of client: Identifier, from address: String) -> Int? {
    let own = secrets[secret]?.depth
    guard let others = depth(of: client, from: address) else { return own }
    return own.map { min($0, others) } ?? others
  }

  /// The same for a client that called from an address, whatever it showed.
  func depth(of client: Identifier, from address: String) -> Int? {
    concerns(address: address) ? 0 : clients[client]?.depth
  }

  func concerns(address: String) -> Bool {
    guard let network, let address = NetworkAddress(address) else { return false }
    return network.contains(address)
  }

  /// Whether a source of attempts may be meant: an address, or the block of IPv6 that stands for all
  /// in it.
  func concerns(source: String) -> Bool {
    guard let network, let source = Network(source) else { return false }
    return network.overlaps(source)
  }

  /// Takes in what an event made that somebody caused with a credential so deep in it.
  mutating func follow(_ event: Event, depth: Int) {
    let origin = Origin(depth: depth + 1, made: event.position)
    switch event.body {
    case .clientAdded: clients[event.subject] = origin
    case .secretRotated: secrets[event.subject] = origin
    default: break
    }
  }

  /// Takes in whose a secret is, when an event says it.
  mutating func learnHolder(_ event: Event) {
    switch event.body {
    case .clientAdded(let data):
      if secrets[data.secret.id] != nil { holders.insert(event.subject) }
    case .secretRotated(let data):
      if secrets[event.subject] != nil { holders.insert(data.client) }
    default: break
    }
  }
}
