import CanonicalJSON
import Journal
import Ledger
import MerkleLog
import Notary
import Projections

extension Tallystick {
  /// Whether the log is the one that was last signed for. One that is older than checkpoints are has
  /// no key yet and gets it.
  ///
  /// - Parameter isConfirmed: an operator vouches for the log: what is missing is made anew.
  @available(*, noasync)
  static func beginSigning(
    _ directory: DataDirectory, _ journal: LMDBJournal, _ state: StateStore,
    isConfirmed: Bool = false
  ) throws -> Signing {
    guard let ledger = try state.makeSnapshot().read({ try $0.ledger() }) else {
      throw Failure(.unreadable, "the log in \(directory.path) does not begin a ledger")
    }
    do {
      let signing = try Signing(
        directory, journal, origin: ledger.origin, mayBegin: isConfirmed,
        isOlder: journal.treeWasBuilt)
      if signing.isBeginning { logBeginning(signing) }
      return signing
    } catch let error as NotaryError {
      throw Failure(error.isOfReading ? .unreadable : .negative, error.description)
    }
  }

  private static func logBeginning(_ signing: Signing) {
    let checkpoint = signing.publication.checkpoint.checkpoint
    Terminal.log(
      "warning", "the log is signed for as it is, without an earlier checkpoint of its key",
      [
        .init("checkpoint_key", .string(signing.signer.verifier.text)),
        .init("events", .integer(Int64(checkpoint.size))),
      ])
  }
}
