import Credentials
import Cryptography
package import HTTPServer
import JOSE
import Journal
import Ledger
import Projections
import Sequencer

/// Answers the requests of one loop, or of the reading room, on its thread alone: its reader of the
/// state, its signing contexts and its cache need no lock.
package final class Desk: Handler {
  let service: Service
  let state: StateSnapshot
  let identifiers = IdentifierSource()
  let verified = VerifiedTokens()
  let knownClients = KnownClients()
  /// Stands in for a client that is not known, so that both take the same time.
  let decoy: KnownClient
  let nobodysSecrets: NobodysSecrets
  // Copies of this loop's own, for threads that count references to one object wait for each other.
  let issuer: String
  let peppers: [Pepper]
  /// Nil in the reading room, which no request reaches by itself.
  private let traffic: LoopTraffic?
  /// The keys of the log that tokens were verified with; what an identifier names never changes.
  var publicKeys: [Identifier: P256PublicKey] = [:]
  private var signers: [Identifier: JWSSigner] = [:]

  package convenience init(_ service: Service, _ loop: Loop) throws {
    try self.init(service, traffic: service.traffic.join(loop))
  }

  init(_ service: Service, traffic: LoopTraffic?) throws {
    self.service = service
    self.traffic = traffic
    state = try service.state.makeSnapshot()
    guard let decoy = try state.read({ try KnownClient(service.decoy, in: $0) }) else {
      throw ServiceError(description: "the client \(service.decoy.text) cannot be read")
    }
    self.decoy = decoy
    nobodysSecrets = NobodysSecrets(under: service.newestPepper)
    issuer = String(decoding: Array(service.issuer.utf8), as: UTF8.self)
    peppers = try service.keyDirectory.peppers()
  }

  package func handle(_ request: Request, _ exchange: Exchange) {
    do {
      try route(request, exchange)
    } catch {
      exchange.respond(response(to: error, exchange))
    }
  }

  package func note(_ record: LogRecord) {
    traffic?.count(record)
    service.log(record)
  }

  /// The answer, or what stands for the error that it threw.
  func respond(_ exchange: Exchange, _ answer: () throws -> Response) -> Response {
    do {
      return try answer()
    } catch {
      return response(to: error, exchange)
    }
  }

  /// The answer for a refusal; anything else is a fault of the server and reported as such.
  private func response(to error: any Error, _ exchange: Exchange) -> Response {
    switch error {
    case let problem as Problem: return problem.response
    case let error as OAuthError: return error.response
    default:
      service.onFault(error, exchange.requestID)
      return Problem.internalError.response
    }
  }

  /// The time that reads compare expiries with: never before the last event.
  var now: Timestamp { service.sequencer.now }

  /// Gives a command to the one writer and answers when its outcome is known.
  ///
  /// - Parameter answer: runs on this loop's thread.
  func submit(
    _ command: Command, _ exchange: Exchange,
    _ answer: @escaping (Outcome) throws -> Response
  ) {
    // The completion runs in the exchange's loop, whose thread is the only one that runs this desk.
    nonisolated(unsafe) let (desk, answer) = (self, answer)
    service.sequencer.submit(command, to: exchange.loop) { outcome in
      do {
        exchange.respond(try unsafe answer(outcome))
      } catch {
        exchange.respond(unsafe desk.response(to: error, exchange))
      }
    }
  }

  /// The signer for a key of the log; its context is kept.
  func signer(_ key: Identifier) throws -> JWSSigner {
    if let signer = signers[key] { return signer }
    let signer = try JWSSigner(
      key: try service.keyDirectory.signingKey(key.text), type: "at+jwt", keyID: key.text)
    signers[key] = signer
    return signer
  }
}

extension Loop: Mailbox {
  package func deliver(_ work: [@Sendable () -> Void]) { run(work) }
}
