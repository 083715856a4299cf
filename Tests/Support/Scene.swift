package import Journal
package import Ledger
package import Projections
package import Sequencer
import Synchronization

/// A ledger with what most tests need: an operator, an account with a plan, a project.
package final class Scene: Sendable {
  package let operatorID = id(.client, 1)
  package let plan = id(.plan, 1)
  package let account = id(.account, 1)
  package let project = id(.project, 1)
  package let key = id(.key, 1)
  package let directory: TemporaryDirectory
  package let journal: any Journal
  package let clock: ManualTime
  package let state: StateStore
  package let sequencer: Sequencer
  package let failures = Failures()

  /// Opens or begins the ledger of a directory.
  package init(
    _ directory: TemporaryDirectory, journal: any Journal, clock: ManualTime = ManualTime(),
    isClockConfirmed: Bool = false, begins: Bool = true
  ) throws {
    self.directory = directory
    self.journal = journal
    self.clock = clock
    let path = directory.path + "/state"
    if begins { _ = try directory.folder("state") }
    state = try StateStore.open(path, journal).state
    sequencer = try Sequencer.start(
      journal: journal, state: state, clock: clock, isClockConfirmed: isClockConfirmed
    ) { [failures] in failures.note("\($0)") }
    if begins { try begin() }
  }

  /// A scene of its own in memory but for the state.
  package convenience init() throws {
    try self.init(TemporaryDirectory(), journal: MemoryJournal())
  }

  private func begin() throws {
    let usd = Currency("USD")!
    let actions: [Command.Action] = [
      .createLedger(
        try CreateLedger(
          id: id(.ledger, 1), issuer: "https://ledger.example", origin: "ledger.example")),
      .activateKey(
        // The public key of RFC 7515, appendix A.3.1.
        ActivateKey(
          id: key, x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
          y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")),
      .definePlan(
        DefinePlan(
          id: plan, name: "standard", rates: [Rate(.applicationFee, Money(1_250, usd))])),
      .openAccount(
        OpenAccount(id: account, name: "Operations", currency: usd, plan: "standard")),
      .createProject(
        CreateProject(id: project, account: account, name: "Operations", description: nil)),
      .addClient(addClient(1)),
    ]
    let grant = GrantRole(id: id(.grant, 1), client: operatorID, role: .owner)
    for action in actions + [.grantRole(grant)] {
      _ = try events(sequencer.perform(Command(actor: .system("scene"), action: action)))
    }
  }

  /// Makes another owner, in an account and a project of its own.
  package func addOwner(_ number: UInt64) throws {
    let (account, project) = (id(.account, number), id(.project, number))
    let actions: [Command.Action] = [
      .openAccount(
        OpenAccount(id: account, name: "Others", currency: Currency("USD")!, plan: "standard")),
      .createProject(
        CreateProject(id: project, account: account, name: "Others", description: nil)),
      .addClient(addClient(number, project: project)),
      .grantRole(
        GrantRole(id: id(.grant, number), client: id(.client, number), role: .owner)),
    ]
    for action in actions { _ = try events(perform(action)) }
  }

  /// A client whose identifiers end in a number.
  package func addClient(
    _ number: UInt64, name: String? = nil, scope: Scope = Scope("coreapi")!,
    type: ClientMetadata.ApplicationType = .service, project: Identifier? = nil
  ) -> AddClient {
    AddClient(
      id: id(.client, number), charge: id(.charge, number), project: project ?? self.project,
      owner: nil,
      metadata: ClientMetadata(
        clientName: name ?? "client \(number)", applicationType: type, appName: "tests",
        appVersion: "1", clientURI: nil, scope: scope, audience: "https://ledger.example",
        mode: .live, tokenLifetime: 3_600),
      secret: verifier(number))
  }

  /// Of another secret for each number.
  package func verifier(_ number: UInt64) -> SecretVerifier {
    let digits = String(number)
    return SecretVerifier(
      id: id(.secret, number), lastFour: "abcd", pepper: "00000000",
      verifier: String(repeating: "v", count: 43 - digits.count) + digits)
  }

  package func issueToken(_ number: UInt64, client: UInt64 = 1, secret: UInt64 = 1)
    -> Command.Action
  {
    .issueToken(
      IssueToken(
        id: id(.token, number), client: id(.client, client), secret: id(.secret, secret),
        requested: nil))
  }

  package func actor(_ client: UInt64) -> Actor {
    .client(id(.client, client), address: "203.0.113.7")
  }

  /// Performs an action as the first client, which holds the role owner for everything.
  package func perform(
    _ action: Command.Action, as client: UInt64 = 1, request: RequestDigest? = nil,
    reason: String? = nil,
    permissions: Set<Permission> = Set(Permission.allCases)
  ) -> Outcome {
    sequencer.perform(
      Command(
        actor: actor(client), permissions: permissions, request: request, reason: reason,
        action: action))
  }

  /// The events of an outcome that must be a success.
  package func events(_ outcome: Outcome) throws -> [Event] {
    guard case .committed(let events) = outcome else { throw Unexpected(outcome: outcome) }
    return events
  }

  /// Why an outcome is none; nil for a success.
  package func rejection(_ outcome: Outcome) -> Rejection? {
    guard case .rejected(let rejection) = outcome else { return nil }
    return rejection
  }

  /// Reads the state as a server would.
  package func read<R>(
    asOf position: Position = .max, _ body: (StateSnapshot) throws -> R
  ) throws -> R {
    try state.makeSnapshot().read(asOf: position, body)
  }

  /// How many things a list has.
  package func total(_ listing: Listing) throws -> Int {
    try read { try $0.list(ListQuery(listing), ListWindow(.skip(0), size: 1)).total }
  }

  package func digest() throws -> String { try read { try $0.digest() } }

  package struct Unexpected: Error {
    let outcome: Outcome
  }
}

/// What the sequencer reported as its end.
package final class Failures: Sendable {
  private let messages = Mutex<[String]>([])

  func note(_ message: String) { messages.withLock { $0.append(message) } }

  package var all: [String] { messages.withLock { $0 } }
}

/// An identifier that is the same in every run.
package func id(_ kind: Identifier.Kind, _ number: UInt64) -> Identifier {
  Identifier(kind, milliseconds: 1_000_000 + number, entropy: (number, number << 2))
}
