import Cryptography
import Foundation
package import Journal
import LMDB
import Ledger
import MerkleLog
import Synchronization

/// The state that the rules read, always rebuildable from the journal.
///
/// Commits are not synchronised: after a power cut the state may be unusable, and is then rebuilt.
/// One thread writes; `makeSnapshot` serves any number of reading threads.
package final class StateStore: Sendable {
  /// Address space set aside: 256 GiB.
  package static let mapSize = 1 << 38

  let tables: Tables
  let identity: StateIdentity
  let environment: Environment
  let journal: any Journal
  private let clientChanges = Atomic<UInt64>(0)

  private init(_ environment: Environment, _ tables: Tables, _ journal: any Journal) throws {
    self.environment = environment
    self.tables = tables
    self.journal = journal
    identity = try StateIdentity(of: environment)
  }

  /// Opens the state, distrusts it where it must, and applies what the journal has more.
  ///
  /// - Returns: the state, and why it was rebuilt from the first event on, if it was.
  /// - Throws: what the journal throws, and errors of the disk.
  @available(*, noasync)
  package static func open(
    _ path: String, _ journal: any Journal
  ) throws -> (state: StateStore, rebuilt: String?) {
    var (state, distrust): (StateStore?, String?) = try openTrusted(path, journal)
    do {
      try state!.begin()
    } catch {
      guard !(error is JournalError), !isLackOfSpace(error) else { throw error }
      state = nil
      distrust = "\(error)"
      state = try recreate(path, journal)
      try state!.begin()
    }
    return (state!, distrust)
  }

  @available(*, noasync)
  private func begin() throws {
    try markUnclean()
    try makeWriter().catchUp()
  }

  /// The next opening will rebuild the state. For a state that turned out to be damaged.
  package func discard() throws {
    try FileManager.default.removeItem(atPath: environment.path + "/data.mdb")
  }

  /// Opens the state for reading beside the process that writes it.
  ///
  /// - Throws: `OtherVersion`, and what LMDB throws.
  package static func openReadOnly(_ path: String, _ journal: any Journal) throws -> StateStore {
    let environment = try Environment.open(
      path, tables: Tables.maximumCount, mapSize: mapSize, durability: .deferred, readOnly: true)
    let marker = try Table.openExisting(["marker"], in: environment)[0]
    guard
      try Marker.read(environment.beginRead(), marker)?.identity.version
        == StateIdentity.currentVersion
    else { throw OtherVersion(path: path) }
    return try StateStore(
      environment, Tables(Table.openExisting(Tables.names, in: environment)), journal)
  }

  @available(*, noasync)
  private static func openTrusted(
    _ path: String, _ journal: any Journal
  ) throws -> (StateStore, String?) {
    do {
      var state: StateStore? = try create(path, journal)
      let reason = try state!.reasonForDistrust()
      guard let reason else { return (state!, nil) }
      state = nil
      return (try recreate(path, journal), reason)
    } catch let error as LMDBError where error.isDamage {
      return (try recreate(path, journal), error.description)
    }
  }

  /// Begins an empty state, in the place of the one that is there.
  ///
  /// No process may have the old one open.
  @available(*, noasync)
  package static func recreate(_ path: String, _ journal: any Journal) throws -> StateStore {
    for file in ["data.mdb", "lock.mdb"] {
      let full = path + "/" + file
      if FileManager.default.fileExists(atPath: full) {
        try FileManager.default.removeItem(atPath: full)
      }
    }
    return try create(path, journal)
  }

  @available(*, noasync)
  private static func create(_ path: String, _ journal: any Journal) throws -> StateStore {
    if !FileManager.default.fileExists(atPath: path) {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    }
    let environment = try Environment.open(
      path, tables: Tables.maximumCount, mapSize: mapSize, durability: .deferred)
    return try StateStore(environment, Tables(Table.open(Tables.names, in: environment)), journal)
  }

  /// What of the marker does not fit, in words; nil when the state may be continued.
  private func reasonForDistrust() throws -> String? {
    guard let marker = try Marker.read(environment.beginRead(), tables.marker) else {
      return journal.head == 0 ? nil : "the state is empty"
    }
    if marker.identity.version != identity.version {
      return "the state was written by another version of the program"
    }
    if marker.identity.device != identity.device || marker.identity.inode != identity.inode {
      return "the state is a copy"
    }
    if marker.identity.boot != identity.boot, !marker.isClean {
      return "the machine was restarted while the state was being written"
    }
    if marker.applied > journal.head { return "the state is ahead of the journal" }
    let last = try marker.applied == 0 ? nil : journal.makeReader().event(at: marker.applied - 1)
    if last.map({ recordHash($0).bytes }) ?? [] != marker.lastHash {
      return "the state belongs to another journal"
    }
    return nil
  }

  /// From now on only this boot of the machine may trust the state.
  @available(*, noasync)
  private func markUnclean() throws {
    try write(isClean: false)
    try environment.synchronize()
  }

  /// Synchronises the state and marks it good for the next boot. Nothing may be written after.
  @available(*, noasync)
  package func closeClean() throws {
    try environment.synchronize()
    try write(isClean: true)
    try environment.synchronize()
  }

  @available(*, noasync)
  private func write(isClean: Bool) throws {
    let transaction = try environment.beginWrite()
    let old = try Marker.read(transaction, tables.marker)
    let marker = Marker(
      identity, isClean: isClean, applied: old?.applied ?? 0, lastHash: old?.lastHash ?? [])
    let (key, bytes) = (Marker.key, marker.bytes)
    try transaction.put(tables.marker, key.span, bytes.span)
    try transaction.commit()
  }

  /// Counts the commits that changed a client or its secrets, each before anybody is told of it.
  ///
  /// What was read of clients after this had a value is right for as long as it has that value.
  package var clientRevision: UInt64 { clientChanges.load(ordering: .acquiring) }

  /// After the commit that changed them.
  func noteClientChange() { clientChanges.add(1, ordering: .releasing) }

  /// The writing thread's access; there is one at a time.
  package func makeWriter() throws -> StateWriter { try StateWriter(self) }

  /// How much room the state takes. Any thread.
  package func usage() throws -> StorageUsage { try StorageUsage(environment) }

  /// A reader for one thread at a time.
  package func makeSnapshot() throws -> StateSnapshot {
    try StateSnapshot(environment.beginRead(), tables, journal.makeReader())
  }
}

/// A state that is of no use to this version of the program.
package struct OtherVersion: Error, CustomStringConvertible {
  let path: String

  package var description: String {
    "\(path) was written by another version of the program; serve the ledger, or rebuild its state"
  }
}

private func isLackOfSpace(_ error: any Error) -> Bool {
  (error as? LMDBError)?.isLackOfSpace == true
}

extension StateIdentity {
  /// - Throws: when the file's or the machine's identity cannot be read.
  fileprivate init(of environment: Environment) throws {
    let (device, inode) = try environment.fileIdentity()
    let boot = try String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
    self.init(
      version: Self.currentVersion, device: device, inode: inode,
      boot: boot.trimmingCharacters(in: .whitespacesAndNewlines))
  }
}
