package import Credentials
import Cryptography
import Dispatch
package import HTTPServer
package import Journal
import Ledger
package import Notary
package import Projections
package import Sequencer

/// What all loops share: the ledger's parts and the keys.
package struct Service: Sendable {
  let issuer: String
  /// The host of the issuer, in lower case, IPv6 without brackets.
  let issuerHost: String
  let sequencer: Sequencer
  let journal: any Journal
  let notary: Notary
  let state: StateStore
  /// The one that new verifiers are made under.
  let newestPepper: Pepper
  let keyDirectory: KeyDirectory
  let traffic = Traffic()
  let observations = Observations()
  let gatekeeper: Gatekeeper
  let watch: Watch
  let readiness: Readiness
  let readingRoom = ReadingRoom()
  let sendings = Sendings()
  /// For readings that go through everything, so that they keep no others waiting.
  let reportRoom = ReadingRoom()
  /// A client that exists: its records are read when a client is not known, so that both take the
  /// same time.
  let decoy: Identifier
  /// Told of what should not happen.
  let onFault: @Sendable (any Error, _ requestID: String?) -> Void
  /// Told of every request that was answered or refused.
  let log: @Sendable (LogRecord) -> Void

  /// - Parameters:
  ///   - log: called on a loop's thread.
  ///   - onFault: called on any thread with an error that the caller was only told "500" about;
  ///     with no request id when there is no caller.
  /// - Throws: `ServiceError` when the log does not hold a ledger with a client yet, or a key is
  ///   missing.
  package init(
    journal: any Journal, notary: Notary, state: StateStore, sequencer: Sequencer,
    keys: KeyDirectory,
    log: @escaping @Sendable (LogRecord) -> Void,
    onFault: @escaping @Sendable (any Error, _ requestID: String?) -> Void
  ) throws {
    let found = try state.makeSnapshot().read { state in
      (try state.ledger(), try state.oldestClient(), try state.signingKey())
    }
    guard let ledger = found.0, let decoy = found.1, let key = found.2 else {
      throw ServiceError(description: "the log holds no ledger that was completely set up")
    }
    let own = try keys.signingKey(key.id.text).publicKey
    guard Base64URL.encode(own.x) == key.x, Base64URL.encode(own.y) == key.y else {
      throw ServiceError(description: "the file of \(key.id.text) holds another key than the log")
    }
    issuer = ledger.issuer
    let authority = ledger.issuer.split(separator: "/", maxSplits: 3).dropFirst().first ?? ""
    issuerHost = (DomainClaim.host(of: authority) ?? authority).lowercased()
    self.decoy = decoy
    self.sequencer = sequencer
    readiness = Readiness(sequencer)
    self.journal = journal
    self.notary = notary
    self.state = state
    let peppers = try keys.peppers()
    newestPepper = peppers[peppers.count - 1]
    keyDirectory = keys
    self.log = log
    self.onFault = onFault
    gatekeeper = Gatekeeper(observations)
    watch = Watch.start(observations, gatekeeper, sequencer, state) { onFault($0, nil) }
  }

  /// From now on the server says that it is not ready, and serves all the same.
  package func beginDraining() { readiness.beginDraining() }

  /// Reads beside the loops come to an end, those too that nobody waits for any more; within a
  /// second, or they are left alone.
  @available(*, noasync)
  package func endReading() {
    let (rooms, deadline) = ([readingRoom, reportRoom], DispatchTime.now() + 1)
    for room in rooms { room.close() }
    for room in rooms { room.waitForEnd(until: deadline) }
  }

  /// Records what was denied and read since the last minute. Before the sequencer stops.
  @available(*, noasync)
  package func endWatching() { watch.close() }
}

/// The ledger cannot be served.
package struct ServiceError: Error, CustomStringConvertible {
  package let description: String
}
