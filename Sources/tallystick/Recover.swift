import CanonicalJSON
import Credentials
import Endpoints
import Journal
import Ledger
import Notary
import Projections
import Sequencer

extension Tallystick {
  /// `tallystick init --recover`: another owner for a ledger whose own have lost their secrets.
  static func recover(_ options: Options) throws {
    for name in ["issuer", "origin"] where options[name] != nil {
      throw Failure(.usage, "--\(name) is for a new ledger, not for one that is recovered")
    }
    let directory = try ledgerDirectory(options)
    let lock = try takeLock(directory)
    defer { withExtendedLifetime(lock) {} }
    let journal = try LMDBJournal.open(directory.journal)
    let (state, _) = try StateStore.open(directory.state, journal)
    let signing = try beginSigning(directory, journal, state)
    let sequencer = try Sequencer.start(journal: journal, state: state) { error in
      Terminal.error("the log cannot be written: \(error)")
    }
    let owner = try RecoveredOwner(KeyDirectory(directory.keys))
    let outcome = sequencer.perform(owner.command)
    sequencer.stop()
    try state.closeClean()
    try owner.report(outcome, asJSON: options.has("json"))
    _ = try signing.sign()
  }
}

/// The owner that is added, with its secret.
private struct RecoveredOwner {
  private let client: Identifier
  private let secret = ClientSecret.generate(isTest: false)
  let command: Command

  init(_ keys: KeyDirectory) throws {
    let identifiers = IdentifierSource()
    client = identifiers.next(.client)
    let verifier = SecretVerifier(
      secret, id: identifiers.next(.secret), client: client, try keys.peppers().last!)
    command = Command(
      actor: .system("tallystick init --recover"),
      reason: "recovered by who holds the data directory",
      action: .recoverOwner(
        RecoverOwner(client: client, grant: identifiers.next(.grant), secret: verifier)))
  }

  func report(_ outcome: Outcome, asJSON: Bool) throws {
    switch outcome {
    case .committed: break
    case .rejected(.conflict(let what, _)): throw Failure(.negative, what)
    case .unavailable(let reason): throw Failure(.negative, "nothing can be written: \(reason)")
    case .rejected, .repeated, .unknown:
      throw Failure(.unreadable, "the log did not take it; is there room on the disk?")
    }
    guard !asJSON else {
      return try Terminal.json([
        .init("client_id", .string(client.text)),
        .init("client_secret", .string(secret.disclose())),
      ])
    }
    try Terminal.line(
      """
      This client is an owner of the ledger from now on; its secret is shown once and cannot be shown
      again. Withdraw the roles of those whose secrets are lost.

        client_id      \(client.text)
        client_secret  \(secret.disclose())
      """)
  }
}
