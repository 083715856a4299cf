package import Cryptography
import Glibc
import Journal
package import MerkleLog

/// A backup: the log as static files, which any reader of C2SP tlog-tiles can read, and beside them
/// what they are.
///
/// ```
/// backup.json              how many events, their root, which keys
/// checkpoint               the newest checkpoint that the ledger had signed
/// tile/entries/x001/234    256 events; `.p/W` for the last W of them
/// tile/0/x001/234          their hashes, and at higher levels the hashes of such
/// keys.cms                 peppers, signing keys and checkpoint key, encrypted; if they are wanted
/// ```
/// A full file never changes. Those of fewer than 256 stand for the sizes that `backup.json` and
/// `checkpoint` speak of.
package struct BackupDirectory: Sendable {
  package let path: String

  package init(_ path: String) { self.path = path }

  enum Name {
    static let manifest = "backup.json"
    static let checkpoint = "checkpoint"
    static let keys = "keys.cms"
    /// A file that is being written.
    static let unfinished = ".unfinished"
  }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Nil where there is no backup, not even one that was just begun.
  package func manifest() throws -> BackupManifest? {
    guard let bytes = try read(Name.manifest) else { return nil }
    guard let manifest = BackupManifest(bytes) else { throw damaged(Name.manifest) }
    return manifest
  }

  /// The newest checkpoint of the log. Its signature is not looked at.
  package func checkpoint() throws -> KnownCheckpoint? {
    try read(Name.checkpoint).map { try KnownCheckpoint($0, source: file(Name.checkpoint)) }
  }

  func records(of bundle: EntryBundle) throws -> [[UInt8]] {
    guard let bytes = try read(bundle.path) else { throw missing(bundle.path) }
    guard let records = EntryBundle.decode(bytes), records.count == bundle.width else {
      throw damaged(bundle.path, "it does not hold \(bundle.width) whole events")
    }
    return records
  }

  func damaged(_ name: String, _ what: String? = nil) -> BackupError {
    BackupError(.damaged, "\(file(name)) is damaged\(what.map { ": \($0)" } ?? "")")
  }

  func missing(_ name: String) -> BackupError {
    BackupError(.damaged, "\(file(name)) is missing")
  }

  /// Bytes; 256 events have at most a quarter of them.
  private static let largestFile = 64 << 20

  /// The bytes of a file, read from the disk and not from memory where the system can tell; nil when
  /// there is none.
  func read(_ name: String) throws -> [UInt8]? {
    let descriptor = unsafe open(file(name), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 || errno != ENOENT else { return nil }
    guard descriptor >= 0 else { throw FileError("\(file(name)) cannot be read") }
    defer { close(descriptor) }
    posix_fadvise(descriptor, 0, 0, Int32(POSIX_FADV_DONTNEED))
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw FileError("\(file(name)) cannot be read")
    }
    guard status.st_size <= Self.largestFile else {
      throw damaged(name, "it has \(status.st_size) bytes")
    }
    return try read(descriptor, count: Int(status.st_size), name)
  }

  private func read(_ descriptor: Int32, count: Int, _ name: String) throws(FileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let more = unsafe bytes.withUnsafeMutableBytes {
        unsafe Glibc.read(descriptor, $0.baseAddress! + filled, count - filled)
      }
      guard more >= 0 || errno == EINTR else { throw FileError("\(file(name)) cannot be read") }
      guard more != 0 else { break }
      filled += max(more, 0)
    }
    return Array(bytes.prefix(filled))
  }
}

extension BackupDirectory: TileReader {
  package func hashes(of tile: Tile) throws -> [SHA256Digest] {
    guard let bytes = try read(tile.path) else { throw missing(tile.path) }
    guard let hashes = Tile.decode(bytes.span), hashes.count == tile.width else {
      throw damaged(tile.path, "it does not hold \(tile.width) hashes")
    }
    return hashes
  }
}
