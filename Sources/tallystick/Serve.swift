import CanonicalJSON
import Credentials
import Endpoints
import Foundation
import HTTPServer
import Journal
import Notary
import Projections
import Sequencer
import Synchronization

extension Tallystick {
  /// `tallystick serve`: until SIGTERM or SIGINT, or until the log cannot be written.
  static func serve(_ arguments: [String]) throws -> ExitStatus {
    let options = try Options(
      arguments, withValue: ServeOptions.withValue, plain: ServeOptions.plain)
    let settings = try ServeOptions(options)
    let directory = try ledgerDirectory(options)
    let signals = Signals.take()
    allowManyDescriptors()
    // The lock comes first: two servers could share a port, never a directory.
    let lock = try takeLock(directory)
    defer { withExtendedLifetime(lock) {} }
    let journal = try openJournal(directory)
    let state = try openState(directory, journal)
    let signing = try beginSigning(
      directory, journal, state, isConfirmed: settings.isCheckpointConfirmed)
    let failure = Failed()
    let sequencer = try Sequencer.start(
      journal: journal, state: state, isClockConfirmed: settings.isClockConfirmed
    ) { error in
      failure.note()
      end(state, because: error)
      signals.requestStop()
    }
    let notary = Notary.start(signing, onChange: noteSigning)
    let service = try Service(
      journal: journal, notary: notary, state: state, sequencer: sequencer,
      keys: KeyDirectory(directory.keys), log: serverLog(requests: settings.logsRequests),
      onFault: logFault)
    signals.beginServing()
    let server = try start(settings.configuration, service)
    for endpoint in server.endpoints { try Terminal.line("listening on \(endpoint)") }
    ServiceManager.notify("READY=1")
    signals.waitForStop { reload(server) }
    service.beginDraining()
    ServiceManager.notify("STOPPING=1")
    if !failure.isNoted { Thread.sleep(forTimeInterval: settings.drainDelay) }
    server.drain(deadline: 9 - settings.drainDelay)
    service.endReading()
    service.endWatching()
    sequencer.stop()
    notary.stop(isWell: !failure.isNoted)
    guard !failure.isNoted else { return .negative }
    try state.closeClean()
    return .done
  }

  /// As many as the process may have: a shell's usual 1,024 are fewer than the connections that the
  /// server takes.
  private static func allowManyDescriptors() {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }

  private static func openJournal(_ directory: DataDirectory) throws -> LMDBJournal {
    let journal = try LMDBJournal.open(directory.journal)
    if journal.treeWasBuilt {
      Terminal.log(
        "info", "the log got its Merkle tree", [.init("events", .integer(Int64(journal.head)))])
    }
    return journal
  }

  /// The journal alone is the truth: a state that cannot go on is made anew at the next start.
  @Sendable private static func end(_ state: StateStore, because error: any Error) {
    Terminal.log(
      "error", "the log cannot be written; ending", [.init("reason", .string("\(error)"))])
    if !(error is JournalError) { try? state.discard() }
  }

  private static func openState(
    _ directory: DataDirectory, _ journal: LMDBJournal
  ) throws -> StateStore {
    let (state, rebuilt) = try StateStore.open(directory.state, journal)
    if let rebuilt {
      Terminal.log(
        "warning", "the state was rebuilt from the log",
        [.init("reason", .string(rebuilt)), .init("events", .integer(Int64(journal.head)))])
    }
    return state
  }

  @Sendable private static func noteSigning(_ error: (any Error)?) {
    if let error {
      Terminal.log(
        "error", "checkpoints cannot be signed; trying again",
        [.init("reason", .string("\(error)"))])
    } else {
      Terminal.log("info", "checkpoints are signed again")
    }
  }

  private static func start(_ configuration: Configuration, _ service: Service) throws -> Server {
    do {
      return try Server.start(configuration) { try Desk(service, $0) }
    } catch {
      // What the system refuses now it may grant later; a wrong call stays wrong.
      let isPassing = error.code == .system || error.code == .handler
      throw Failure(isPassing ? .negative : .usage, error.description)
    }
  }

  private static func reload(_ server: Server) {
    do {
      let isDone = try server.reloadTLS()
      Terminal.log(
        "info",
        isDone
          ? "certificate, key and client authorities were read again"
          : "there is no certificate to read again")
    } catch {
      Terminal.log(
        "error", "the certificate was not replaced", [.init("reason", .string(error.description))])
    }
  }

  @Sendable private static func logFault(_ error: any Error, requestID: String?) {
    Terminal.log(
      "error", requestID == nil ? "denials and reads are not recorded" : "a request failed",
      [.init("reason", .string("\(error)"))]
        + (requestID.map { [.init("request_id", .string($0))] } ?? []))
  }
}

/// Set by the thread that cannot go on, read by the one that ends the process.
private final class Failed: Sendable {
  private let flag = Atomic(false)

  func note() { flag.store(true, ordering: .releasing) }

  var isNoted: Bool { flag.load(ordering: .acquiring) }
}
