import Journal
import Ledger
import Projections
import Sequencer
import Support

/// The ledger of a directory with its sequencer, without HTTP.
final class BenchLedger {
  let journal: LMDBJournal
  private let state: StateStore
  private let sequencer: Sequencer
  private let lock: DirectoryLock
  private let project: Identifier
  private var random = SeededGenerator(seed: 1)

  /// A client that was added, and its secret.
  struct Customer {
    let client: Identifier
    let secret: Identifier
  }

  @available(*, noasync)
  init(_ path: String, project: String) throws {
    guard let project = Identifier(project, .project) else {
      throw Misuse(what: "\(project) is no project")
    }
    self.project = project
    let directory = DataDirectory(path)
    lock = try directory.lock()
    journal = try LMDBJournal.open(directory.journal)
    state = try StateStore.open(directory.state, journal).state
    sequencer = try Sequencer.start(journal: journal, state: state) { fatalError("\($0)") }
  }

  @available(*, noasync)
  func close() throws {
    sequencer.stop()
    try state.closeClean()
  }

  private static let words = ["orange shop", "Green Store", "billing desk", "Kiosk", "bench"]

  /// Adds as many new clients, each with one secret.
  @available(*, noasync)
  func addCustomers(_ count: Int) throws -> [Customer] {
    let customers = (0..<count).map { _ in Customer(client: next(.client), secret: next(.secret)) }
    let head = journal.head
    let commands = customers.enumerated().map { command(adding: $1, $0, after: head) }
    _ = try perform(commands, waiting: 512)
    return customers
  }

  /// - Parameter number: what is told apart by lists follows from it.
  private func command(adding customer: Customer, _ number: Int, after head: UInt64) -> Command {
    let word = Self.words[number % Self.words.count]
    let metadata = ClientMetadata(
      clientName: "\(word) \(head)-\(number)",
      applicationType: number % 50 == 0 ? .web : .service, appName: "bench",
      appVersion: "\(number % 100)", clientURI: nil, redirectURIs: [],
      scope: Scope("coreapi billing.read")!, audience: "https://api.example",
      mode: number % 10 == 0 ? .test : .live, tokenLifetime: Int64(60 + number % 3_000))
    let secret = SecretVerifier(
      id: customer.secret, lastFour: "abcd", pepper: "00000000",
      verifier: String(repeating: "v", count: 43))
    return Command(
      actor: .system("measure"), permissions: Set(Permission.allCases),
      action: .addClient(
        AddClient(
          id: customer.client, charge: next(.charge), project: project, owner: nil,
          metadata: metadata, secret: secret)))
  }

  /// Commands that issue tokens to customers drawn at random.
  ///
  /// - Parameter scope: all that they have unless given.
  func tokenCommands(_ count: Int, _ customers: [Customer], _ scope: Scope? = nil) -> [Command] {
    (0..<count).map { _ in
      let customer = customers.randomElement(using: &random)!
      return Command(
        actor: .client(customer.client, address: "203.0.113.7"),
        action: .issueToken(
          IssueToken(
            id: next(.token), client: customer.client, secret: customer.secret, requested: scope)))
    }
  }

  /// Has all commands carried out, so many of them waiting at any time.
  ///
  /// - Returns: the sizes of the batches that the sequencer made.
  @available(*, noasync)
  func perform(_ commands: [Command], waiting: Int) throws -> [Int] {
    try Load(sequencer, waiting: waiting).run(commands)
  }

  /// Identifiers in the order of their making, as a server makes them.
  private func next(_ kind: Identifier.Kind) -> Identifier {
    Identifier(
      kind, milliseconds: UInt64(SystemTime().wall() / 1_000),
      entropy: (random.next(), random.next()))
  }
}
