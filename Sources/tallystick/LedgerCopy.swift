import CanonicalJSON
import Credentials
import Cryptography
import Foundation
import Journal
import Ledger
import MerkleLog
import Notary
import Projections
import Replay
import Sequencer

/// A ledger that is made of events which stand elsewhere: what restore and import have in common.
struct LedgerCopy {
  static let flags = ["data", "keys", "checkpoint", "origin"]

  let path: String
  private let options: Options
  private let command: String
  /// Checkpoints of the log that the events are from.
  private var known: [KnownCheckpoint] = []

  init(_ options: Options, command: String) throws {
    path = try options.required("data")
    self.options = options
    self.command = command
  }

  /// Whether the copy goes on as a log of its own.
  private var origin: String? { options["origin"] }

  private var newest: KnownCheckpoint? {
    known.max { $0.checkpoint.size < $1.checkpoint.size }
  }

  /// Makes the ledger, whole or not at all.
  ///
  /// - Parameters:
  ///   - stored: a checkpoint that stands beside the events.
  ///   - keys: puts keys into a folder; false when there are none.
  ///   - copy: fills the journal; is given what refuses a number of events.
  mutating func make(
    stored: KnownCheckpoint?, keys: (_ folder: String) throws -> Bool,
    _ copy: (LMDBJournal, _ refuse: (UInt64) throws -> Void) throws -> TreeHead
  ) throws {
    let named = try options["checkpoint"].map {
      try KnownCheckpoint(Tallystick.read($0), source: $0)
    }
    known = [stored, named].compactMap(\.self)
    guard origin == nil || newest != nil else {
      throw Failure(.usage, "--origin needs the last checkpoint of the log: --checkpoint FILE")
    }
    let rules = self
    try NewLedger.make(at: path, by: command) { directory in
      let hasKeys = try keys(directory.keys)
      if let verifier = try Self.verifier(directory) {
        for checkpoint in rules.known { try checkpoint.verify(by: verifier) }
      }
      let journal = try LMDBJournal.open(directory.journal, create: true)
      let copied = try copy(journal, rules.refuse)
      let reader = try journal.makeReader()
      for checkpoint in rules.known { try checkpoint.refuseOtherPast(reader) }
      try rules.settle(directory, journal)
      let head = try MerkleTree(size: journal.head, tiles: reader).head()
      try directory.synchronize(files: [])
      Terminal.endProgress()
      rules.warn(copied: copied.size, hasKeys: hasKeys)
      try rules.tell(head, hasKeys: hasKeys)
    }
  }

  /// The public half of a ledger's checkpoint key; nil when the key is not there.
  static func verifier(_ directory: DataDirectory) throws -> NoteVerifier? {
    try KeyDirectory(directory.keys).checkpointKey().map { try NoteSigner($0).verifier }
  }

  private func refuse(_ count: UInt64) throws {
    guard origin == nil else { return }
    for checkpoint in known { try checkpoint.refuseShorter(count) }
  }

  /// Puts the checkpoint where a start of the server looks for it, or begins one of another origin.
  private func settle(_ directory: DataDirectory, _ journal: LMDBJournal) throws {
    if let origin { return try `continue`(as: origin, directory, journal) }
    guard let newest else { return }
    try DurableFile.place(
      newest.note.bytes, at: directory.checkpoint, by: directory.checkpoint + ".new")
  }

  private func `continue`(
    as origin: String, _ directory: DataDirectory, _ journal: LMDBJournal
  ) throws {
    let last = newest!.checkpoint
    let previous = SignedSize(
      origin: last.origin, size: last.size, root: Base64.encode(last.root.bytes))
    let (state, _) = try StateStore.open(directory.state, journal)
    let sequencer = try Sequencer.start(journal: journal, state: state) { error in
      Terminal.error("the log cannot be written: \(error)")
    }
    let action = try ContinueLedger(origin: origin, previous: previous)
    let outcome = sequencer.perform(
      Command(actor: .system("tallystick replay \(command)"), action: .continueLedger(action)))
    sequencer.stop()
    try state.closeClean()
    switch outcome {
    case .committed: break
    case .rejected(let rejection): throw rejection
    case .repeated, .unavailable, .unknown:
      throw Failure(.unreadable, "the log cannot be continued; is there room on the disk?")
    }
    unsafe unlink(KeyDirectory(directory.keys).checkpointFile)
    _ = try Signing(directory, journal, origin: origin, mayBegin: true)
  }

  /// - Parameter copied: how many events.
  private func warn(copied: UInt64, hasKeys: Bool) {
    if !hasKeys {
      Terminal.error(
        """
        \(path) HAS NO KEYS: it can be read, and verified with --key; to be served it needs the folder \
        keys
        """)
    }
    if newest == nil {
      Terminal.error(
        """
        no checkpoint of the log is known: compare its root with one that was kept elsewhere, and \
        then serve it with --confirm-checkpoint
        """)
    }
    if let signed = newest?.checkpoint.size, signed < copied {
      Terminal.error(
        """
        WARNING: the newest checkpoint covers \(signed) of \(copied) events: nothing vouches for the \
        others, and the server signs for them
        """)
    }
  }

  private func tell(_ head: TreeHead, hasKeys: Bool) throws {
    let root = Base64.encode(head.root.bytes)
    guard !options.has("json") else {
      return try Terminal.json([
        .init("checkpoint", newest.map { .integer(Int64($0.checkpoint.size)) } ?? .null),
        .init("events", .integer(Int64(head.size))), .init("keys", .bool(hasKeys)),
        .init("origin", origin.map { .string($0) } ?? .null), .init("root", .string(root)),
      ])
    }
    let continued = origin.map { "; it goes on as \($0)" } ?? ""
    try Terminal.line(
      """
      \(path) holds \(head.size) events\(continued)
      root \(root)
      """)
  }
}
