import CanonicalJSON
import Credentials
import Endpoints
import Glibc
import HTTPServer
import Journal
import Projections
import Sequencer
import Synchronization

extension Tallystick {
  /// `tallystick serve`: until SIGTERM or SIGINT, or until the log cannot be written.
  static func serve(_ arguments: [String]) throws -> ExitStatus {
    let options = try Options(
      arguments, withValue: ["data", "listen", "loops"], plain: ["confirm-clock", "log-requests"])
    let configuration = try configuration(options)
    let directory = try ledgerDirectory(options)
    // Signals are taken by this thread alone: blocked before any other thread begins.
    let signals = StopSignals()
    // The lock comes first: two servers could share a port, never a directory.
    let lock = try takeLock(directory)
    defer { withExtendedLifetime(lock) {} }
    let journal = try LMDBJournal.open(directory.journal)
    let (state, rebuilt) = try StateStore.open(directory.state, journal)
    if let rebuilt {
      Terminal.log(
        "warning", "the state was rebuilt from the log",
        [.init("reason", .string(rebuilt)), .init("events", .integer(Int64(journal.head)))])
    }
    let failure = Failed()
    let sequencer = try Sequencer.start(
      journal: journal, state: state, isClockConfirmed: options.has("confirm-clock")
    ) { error in
      Terminal.log(
        "error", "the log cannot be written; ending", [.init("reason", .string("\(error)"))])
      // The journal alone is the truth: a state that cannot go on is made anew at the next start.
      if !(error is JournalError) { try? state.discard() }
      failure.note()
      kill(getpid(), SIGTERM)
    }
    let service = try Service(
      journal: journal, state: state, sequencer: sequencer, keys: KeyDirectory(directory.keys),
      log: serverLog(requests: options.has("log-requests"))
    ) { error, requestID in
      Terminal.log(
        "error", "a request failed",
        [.init("reason", .string("\(error)")), .init("request_id", .string(requestID))])
    }
    let server = try start(configuration, service)
    try Terminal.line("listening on http://\(configuration.authority(port: server.port))")
    signals.wait()
    server.drain(deadline: 8)
    sequencer.stop()
    guard !failure.isNoted else { return .negative }
    try state.closeClean()
    return .done
  }

  private static func start(_ configuration: Configuration, _ service: Service) throws -> Server {
    do {
      return try Server.start(configuration) { _ in try Desk(service) }
    } catch {
      throw Failure(.usage, error.description)
    }
  }

  private static func configuration(_ options: Options) throws(Failure) -> Configuration {
    let listen = options["listen"] ?? "127.0.0.1:8080"
    guard let colon = listen.lastIndex(of: ":"),
      let port = UInt16(listen[listen.index(after: colon)...])
    else { throw Failure(.usage, "--listen must be HOST:PORT") }
    let host = listen[..<colon].drop { $0 == "[" }.prefix { $0 != "]" }
    var configuration = Configuration(host: String(host), port: port)
    if let text = options["loops"] {
      guard let loops = Int(text), (1...256).contains(loops) else {
        throw Failure(.usage, "--loops must be a whole number from 1 to 256")
      }
      configuration.loops = loops
    }
    return configuration
  }
}

extension Configuration {
  fileprivate func authority(port: UInt16) -> String {
    host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}

/// Set by the thread that cannot go on, read by the one that ends the process.
private final class Failed: Sendable {
  private let flag = Atomic(false)

  func note() { flag.store(true, ordering: .releasing) }

  var isNoted: Bool { flag.load(ordering: .acquiring) }
}

/// SIGTERM and SIGINT, blocked for every thread and waited for by one.
private struct StopSignals {
  private var set = sigset_t()

  init() {
    unsafe sigemptyset(&set)
    unsafe sigaddset(&set, SIGTERM)
    unsafe sigaddset(&set, SIGINT)
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  func wait() {
    var set = set
    var received: Int32 = 0
    unsafe sigwait(&set, &received)
  }
}
