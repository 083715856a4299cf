import CanonicalJSON
import Credentials
import Cryptography
import Endpoints
import Foundation
import Journal
import Ledger
import MerkleLog
import Notary
import Projections
import Sequencer

extension Tallystick {
  /// `tallystick init`: makes the ledger beside its place and moves it there when it is whole.
  static func initialize(_ arguments: [String]) throws {
    let options = try Options(
      arguments, withValue: ["data", "issuer", "origin"], plain: ["json", "recover"])
    if options.has("recover") { return try recover(options) }
    let path = try options.required("data")
    let issuer = options["issuer"] ?? "http://127.0.0.1:8080"
    let origin =
      options["origin"] ?? issuer.drop { $0 != ":" }.drop { ":/".contains($0) }.description
    do {
      try NewLedger.make(at: path, by: "init") { directory in
        let genesis = Genesis(directory, issuer: issuer, origin: origin)
        let checkpointKey = try genesis.begin(directory)
        try directory.synchronize(files: genesis.keys.files())
        // The secret is told before the ledger is in its place: a secret for nothing harms nobody,
        // a ledger whose secret was lost is lost with it.
        try genesis.report(path, checkpointKey, asJSON: options.has("json"))
      }
    } catch let rejection as Rejection {
      throw Failure(.usage, rejection.sentence)
    }
  }
}

extension Rejection {
  /// For a person at the terminal.
  var sentence: String {
    guard case .invalidFields(let problems) = self else { return "\(self)" }
    return problems.map { "--\($0.field) \($0.message)" }.joined(separator: "; ")
  }
}

/// A new ledger: its first events, all through the sequencer.
private struct Genesis {
  let keys: KeyDirectory
  private let issuer: String
  private let origin: String
  private let secret = ClientSecret.generate(isTest: false)
  private let identifiers = IdentifierSource()
  private let plan: Identifier
  private let account: Identifier
  private let project: Identifier
  private let client: Identifier

  init(_ directory: DataDirectory, issuer: String, origin: String) {
    self.issuer = issuer
    self.origin = origin
    plan = identifiers.next(.plan)
    account = identifiers.next(.account)
    project = identifiers.next(.project)
    client = identifiers.next(.client)
    keys = KeyDirectory(directory.keys)
  }

  /// Writes the first events and signs for them.
  ///
  /// - Returns: the key that checkpoints are checked with.
  func begin(_ directory: DataDirectory) throws -> NoteVerifier {
    try keys.createPepper()
    let journal = try LMDBJournal.open(directory.journal, create: true)
    let (state, _) = try StateStore.open(directory.state, journal)
    let sequencer = try Sequencer.start(journal: journal, state: state) { error in
      Terminal.error("the log cannot be written: \(error)")
    }
    for action in try actions() { try perform(action, sequencer) }
    sequencer.stop()
    try state.closeClean()
    return try Signing(directory, journal, origin: origin, mayBegin: true).signer.verifier
  }

  private func actions() throws -> [Command.Action] {
    let keyID = identifiers.next(.key)
    let key = try keys.createSigningKey(keyID.text).publicKey
    let verifier = SecretVerifier(
      secret, id: identifiers.next(.secret), client: client, try keys.peppers().last!)
    return [
      .createLedger(
        try CreateLedger(id: identifiers.next(.ledger), issuer: issuer, origin: origin)),
      .activateKey(
        ActivateKey(id: keyID, x: Base64URL.encode(key.x), y: Base64URL.encode(key.y))),
      .definePlan(DefinePlan(id: plan, name: "standard", rates: Self.standardRates)),
      .openAccount(
        OpenAccount(
          id: account, name: "Operations", currency: Currency("USD")!, plan: "standard")),
      .createProject(
        CreateProject(
          id: project, account: account, name: "Operations",
          description: "The clients that operate this ledger")),
      .addClient(
        AddClient(
          id: client, charge: identifiers.next(.charge), project: project, owner: nil,
          metadata: .ledgerOperator("Ledger operator", issuer: issuer), secret: verifier)),
      .grantRole(GrantRole(id: identifiers.next(.grant), client: client, role: .owner)),
    ]
  }

  /// The application fee in the currencies that accounts can have without further ado.
  private static let standardRates = [
    ("USD", 1_250), ("EUR", 1_150), ("GBP", 990), ("JPY", 1_900), ("KWD", 3_850), ("MYR", 5_500),
  ].map { Rate(.applicationFee, Money($0.1, Currency($0.0)!)) }

  private func perform(_ action: Command.Action, _ sequencer: Sequencer) throws {
    let command = Command(
      actor: .system("tallystick init"), action: action)
    switch sequencer.perform(command) {
    case .committed: return
    case .rejected(let rejection): throw rejection
    case .repeated, .unavailable, .unknown:
      throw Failure(.unreadable, "the first events cannot be written; is there room on the disk?")
    }
  }

  func report(_ path: String, _ checkpointKey: NoteVerifier, asJSON: Bool) throws {
    guard !asJSON else {
      return try Terminal.json([
        .init("account", .string(account.text)),
        .init("checkpoint_key", .string(checkpointKey.text)),
        .init("client_id", .string(client.text)),
        .init("client_secret", .string(secret.disclose())), .init("issuer", .string(issuer)),
        .init("origin", .string(origin)), .init("plan", .string("standard")),
        .init("project", .string(project.text)),
      ])
    }
    try Terminal.line(
      """
      The ledger \(origin) begins in \(path).
      This is its operator; the secret is shown once and cannot be shown again.

        client_id      \(client.text)
        client_secret  \(secret.disclose())

      account \(account.text), project \(project.text), plan standard

      Checkpoints of the log are signed with this key; give its public half to all who check the log:

        checkpoint_key  \(checkpointKey.text)
      """)
  }
}
