import Credentials
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
    secrets = try state.activeSecrets(of: id).compactMap(Secret.init)
  }
}

extension KnownClient.Secret {
  fileprivate init?(_ secret: ActiveSecret) {
    guard let code = Base64URL.decode(secret.verifier.span).flatMap(SHA256Digest.init(bytes:))
    else { return nil }
    self.init(secret: secret, code: code)
  }
}

/// Secrets that nobody has, in the form of a client's. With them every client has as many, so that
/// the time of a refusal does not tell how many it has by itself.
struct NobodysSecrets {
  private let stored: [UInt8]

  init(under pepper: Pepper) {
    let secret = ActiveSecret(
      id: Identifier(.secret, milliseconds: 0, entropy: (0, 0)), expires: nil, pepper: pepper.id,
      verifier: Array(repeating: UInt8(ascii: "A"), count: 43))
    stored = Array(repeating: secret, count: RotateSecret.maximumActive).stored
  }

  /// As many as a client that has so many could have besides.
  func beside(_ count: Int) -> [KnownClient.Secret] {
    let missing = max(RotateSecret.maximumActive - count, 0)
    let stored = stored.prefix(stored.count / RotateSecret.maximumActive * missing)
    return [ActiveSecret](stored: Array(stored)).compactMap(KnownClient.Secret.init)
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
