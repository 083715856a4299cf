import Cryptography
import Ledger
import Projections

/// A client and its active secrets as they stood in the state.
struct KnownClient {
  /// An active secret and the code that a presented one must have.
  struct Secret {
    let secret: ActiveSecret
    let code: SHA256Digest
  }

  let client: Client
  let secrets: [Secret]
  let networks = KnownNetworks()
  /// Whether it may authenticate at all: itself and as its account stands.
  let mayAuthenticate: Bool
  /// Whether its project restricts it to domains.
  let hasDomains: Bool
  /// What the client may do by its roles.
  private(set) var authority = Authority.none

  /// Nil when there is no such client. Only inside `state.read`.
  init?(_ id: Identifier, in state: StateSnapshot) throws {
    guard let client = try state.client(id) else { return nil }
    self.client = client
    mayAuthenticate = try client.mayAuthenticate(in: state)
    hasDomains = try state.project(client.project)?.domains.isEmpty == false
    secrets = try state.activeSecrets(of: id).compactMap { secret in
      Base64URL.decode(secret.verifier.span).flatMap(SHA256Digest.init(bytes:)).map {
        Secret(secret: secret, code: $0)
      }
    }
  }
}

extension KnownClient {
  /// With what its roles give it. Only inside `state.read`.
  func authorized(in state: StateSnapshot) throws -> KnownClient {
    var known = self
    known.authority = try state.authority(of: client.id)
    return known
  }
}

/// The clients that a loop authenticated, by their ids on the wire. Belongs to one thread.
final class KnownClients {
  /// At most so many are remembered; full, it starts afresh.
  private static let capacity = 16_384
  private var entries: [String: (revision: UInt64, client: KnownClient)] = [:]

  /// A client that was read at this revision of `StateStore.clientRevision`.
  func client(_ wireID: String, at revision: UInt64) -> KnownClient? {
    // Ids are ASCII: a string that Swift takes for the same one, written otherwise, has more bytes.
    guard let entry = entries[wireID], entry.revision == revision,
      entry.client.client.clientID.utf8.count == wireID.utf8.count
    else { return nil }
    return entry.client
  }

  /// - Parameter revision: as it was before the client was read.
  func insert(_ client: KnownClient, _ wireID: String, at revision: UInt64) {
    if entries.count >= Self.capacity { entries.removeAll(keepingCapacity: true) }
    entries[wireID] = (revision, client)
  }
}
