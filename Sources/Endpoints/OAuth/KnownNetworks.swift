import Ledger
import Networks
import Projections

/// Where a client is known to ask for tokens from. Belongs to one thread.
final class KnownNetworks {
  /// At most so many are remembered; full, it starts afresh.
  private static let capacity = 1_024
  /// The last peer that was in one of them.
  private var peer = ""
  private var networks: Set<Network> = []

  /// The network of a peer, if neither this nor the state knows the client to have asked from
  /// there. From the peer that asked last, or over a Unix socket, nothing is looked up.
  ///
  /// - Parameter client: whose networks these are.
  func newNetwork(of peer: String, _ client: Identifier, _ state: StateSnapshot) throws -> String? {
    if peer == self.peer { return nil }
    guard let address = NetworkAddress(peer) else { return nil }
    let network = Network(of: address, length: address.isIPv4 ? 24 : 64)
    if !networks.contains(network) {
      let name = network.description
      guard try state.read({ try $0.isKnown(name, for: client) }) else { return name }
      if networks.count >= Self.capacity { networks = [] }
      networks.insert(network)
    }
    self.peer = peer
    return nil
  }
}
