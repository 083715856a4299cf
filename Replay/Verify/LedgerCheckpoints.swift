import Credentials
import Journal
import MerkleLog
import Notary

/// The checkpoints of a ledger that are genuine, and what is wrong with the others.
struct LedgerCheckpoints {
  /// The one in the data directory.
  private(set) var own: SignedCheckpoint?
  /// The one from elsewhere.
  private(set) var kept: SignedCheckpoint?
  /// How many events the largest covers that the key from elsewhere signed; without such a key, the
  /// largest of both.
  private(set) var signed: UInt64?
  private var fault: Verification.Fault?
  private let names: (own: String, kept: String)

  /// - Parameter hasTiles: whether the log is of the time when checkpoints are signed.
  init(
    _ directory: DataDirectory, key: NoteVerifier?, kept file: KeptCheckpoint?, hasTiles: Bool
  ) {
    names = ("the checkpoint", file?.path ?? "")
    do throws(Verification.Fault) {
      let ownKey = try Self.ownKey(directory)
      if let file { kept = try Self.genuine(file.bytes, file.path, [key ?? ownKey]) }
      signed = kept?.checkpoint.size
      if let bytes = try Self.read(directory) {
        let isKnown = Self.isToBeSigned(bytes, by: key, isAlone: file == nil)
        let own = try Self.genuine(bytes, names.own, [ownKey, isKnown ? key : nil])
        self.own = own
        if isKnown { signed = max(signed ?? 0, own.checkpoint.size) }
      }
      let isExpected = hasTiles || key != nil || ownKey != nil || file != nil
      try checkPresence(isExpected: isExpected, hasTiles)
      try checkOrder()
    } catch {
      fault = error
    }
  }

  var heads: [ExpectedHead] {
    let own = own.map { ExpectedHead(names.own, $0.checkpoint.head) }
    let kept = kept.map { ExpectedHead(names.kept, $0.checkpoint.head) }
    return [own, kept].compactMap(\.self)
  }

  /// What is wrong with the checkpoints, of which the ledger's own is one of the log.
  ///
  /// - Parameter origin: the name that the log has at its end; nil when that was not looked for: then
  ///   it has the name of the checkpoint which vouches for its beginning.
  func fault(ofLogNamed origin: String?) -> Verification.Fault? {
    if let fault { return fault }
    guard let own = own?.checkpoint.origin, let origin = origin ?? kept?.checkpoint.origin,
      !own.utf8.elementsEqual(origin.utf8)
    else { return nil }
    return Verification.Fault(
      nil, "\(names.own) is of the log \(own), and this one is \(origin)")
  }

  /// A key from elsewhere is for the ledger's checkpoint too, but not when the log goes on under
  /// another name than that of the checkpoint which was kept.
  private static func isToBeSigned(
    _ bytes: [UInt8], by key: NoteVerifier?, isAlone: Bool
  ) -> Bool {
    guard let key, !isAlone else { return true }
    return bytes.starts(with: Array("\(key.key.name)\n".utf8))
  }

  /// A log of the time of checkpoints has one from its beginning on, an older one has none.
  private func checkPresence(
    isExpected: Bool, _ hasTiles: Bool
  ) throws(Verification.Fault) {
    if isExpected, own == nil {
      throw Verification.Fault(
        nil, "\(names.own) is missing: nothing says that the log is whole and was not rewritten")
    }
    if !hasTiles, own != nil {
      throw Verification.Fault(
        nil, "\(names.own) was signed of a log with tiles, and this one is said to have none")
    }
  }

  /// The last checkpoint of a log is in its directory before anybody else has it.
  private func checkOrder() throws(Verification.Fault) {
    guard let own = own?.checkpoint, let kept = kept?.checkpoint,
      own.origin.utf8.elementsEqual(kept.origin.utf8), own.size < kept.size
    else { return }
    throw Verification.Fault(
      nil, "\(names.own) is older than \(names.kept): for \(own.size) events, not \(kept.size)")
  }

  /// The public half of the key in the data directory; nil when there is none.
  private static func ownKey(
    _ directory: DataDirectory
  ) throws(Verification.Fault) -> NoteVerifier? {
    do {
      return try KeyDirectory(directory.keys).checkpointKey().map { try NoteSigner($0).verifier }
    } catch {
      throw Verification.Fault(nil, "keys/checkpoint holds no checkpoint key: \(error)")
    }
  }

  private static func read(_ directory: DataDirectory) throws(Verification.Fault) -> [UInt8]? {
    do {
      return try CheckpointFile(directory).read()
    } catch {
      throw Verification.Fault(nil, error.description)
    }
  }

  /// - Parameter keys: all of which must have signed it; one at least.
  private static func genuine(
    _ bytes: [UInt8], _ name: String, _ keys: [NoteVerifier?]
  ) throws(Verification.Fault) -> SignedCheckpoint {
    var checkpoint: SignedCheckpoint?
    do {
      for key in keys.compactMap(\.self) {
        checkpoint = try SignedCheckpoint(bytes, verifiedBy: key)
      }
    } catch {
      throw Verification.Fault(nil, "\(name) is not genuine: \(error)")
    }
    guard let checkpoint else {
      throw Verification.Fault(
        nil,
        "\(name) cannot be checked: keys/checkpoint is missing, and --key does not name its key")
    }
    return checkpoint
  }
}
