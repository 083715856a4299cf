import LMDB
import Ledger

/// How far the state has come, and what it must fit to be trusted.
struct Marker {
  static let key = Array("marker".utf8)

  let identity: StateIdentity
  /// The state was synchronised and nothing was written since, so it outlives a boot.
  let isClean: Bool
  /// Number of events that the state is made of.
  let applied: Position
  /// Record hash of the last of them; empty when there is none.
  let lastHash: [UInt8]

  init(_ identity: StateIdentity, isClean: Bool, applied: Position, lastHash: [UInt8]) {
    self.identity = identity
    self.isClean = isClean
    self.applied = applied
    self.lastHash = lastHash
  }

  static func read(
    _ transaction: borrowing some Transaction & ~Copyable, _ table: Table
  ) throws -> Marker? {
    guard let bytes = try transaction.copiedValue(table, key) else { return nil }
    return Marker(bytes)
  }

  /// `version ‖ device ‖ inode ‖ clean ‖ applied ‖ 32 bytes of hash, or none ‖ boot id`.
  private init?(_ bytes: [UInt8]) {
    guard let version = bytes.integer(at: 0), let device = bytes.integer(at: 8),
      let inode = bytes.integer(at: 16), let clean = bytes.integer(at: 24),
      let applied = bytes.integer(at: 32), let hashSize = bytes.integer(at: 40),
      bytes.count >= 48 + Int(truncatingIfNeeded: min(hashSize, 32))
    else { return nil }
    let bootStart = 48 + Int(min(hashSize, 32))
    identity = StateIdentity(
      version: version, device: device, inode: inode,
      boot: String(decoding: bytes[bootStart...], as: UTF8.self))
    isClean = clean == 1
    self.applied = applied
    lastHash = Array(bytes[48..<bootStart])
  }

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(128)
    bytes.append(identity.version)
    bytes.append(identity.device)
    bytes.append(identity.inode)
    bytes.append(isClean ? 1 : 0 as UInt64)
    bytes.append(applied)
    bytes.append(UInt64(lastHash.count))
    return bytes + lastHash + Array(identity.boot.utf8)
  }
}

/// Which file on which boot of the machine, written by which version of the projections.
struct StateIdentity: Hashable {
  /// Counts up when the tables or their contents change; other columns of lists count too.
  static let currentVersion: UInt64 = 11 ^ Listing.fingerprint

  let version: UInt64
  let device: UInt64
  let inode: UInt64
  let boot: String
}
